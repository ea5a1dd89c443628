// A row set or a validity map: one bit a row, least significant first, as in Arrow.

/// Immutable bits; bits past `count` in the last byte are unspecified. The buffer holds whole 64-bit words where dsh made it.
public struct Bitmap: Sendable {
  public let buffer: Buffer
  public let count: Int

  @inlinable public init(buffer: Buffer, count: Int) {
    precondition(buffer.byteCount >= (count + 7) / 8, "a bitmap has a bit for every row")
    self.buffer = buffer
    self.count = count
  }

  /// The bytes that `count` bits take.
  @inlinable public static func byteCount(for count: Int) -> Int { (count &+ 7) / 8 }

  /// One bit. Its index is below `count`, which only debug builds check.
  @unsafe @inlinable @inline(__always) public subscript(index: Int) -> Bool {
    assert(index >= 0 && index < count, "a bit of the bitmap: \(index) of \(count)")
    return unsafe buffer.pointer(to: UInt8.self)[index &>> 3] & (1 &<< UInt8(truncatingIfNeeded: index & 7)) != 0
  }

  /// Sixty-four bits from a multiple of 64, zero past the end. That the index is not negative is checked by debug builds only.
  @unsafe @inlinable public func word(_ index: Int) -> UInt64 {
    assert(index >= 0, "a word of the bitmap: \(index)")
    let remaining = count &- index &* 64
    if remaining >= 64 { return unsafe (buffer.address + index &* 8).loadUnaligned(as: UInt64.self) }
    var word: UInt64 = 0
    let bytes = unsafe buffer.pointer(to: UInt8.self) + index &* 8
    for byte in 0..<Bitmap.byteCount(for: max(0, remaining)) { unsafe word |= UInt64(bytes[byte]) &<< UInt64(byte &* 8) }
    return remaining <= 0 ? 0 : word & (~0 &>> UInt64(64 &- remaining))
  }

  @inlinable public var wordCount: Int { (count &+ 63) / 64 }

  /// The number of bits that are set.
  public var setCount: Int {
    var total = 0
    for index in 0..<wordCount { unsafe total &+= word(index).nonzeroBitCount }
    return total
  }

  /// The indexes of the bits that are set, ascending, as 32-bit integers.
  public func setIndexes() -> RowIndexes {
    let result = MutableBuffer(capacity: setCount * 4)
    let output = unsafe result.pointer(to: Int32.self)
    var written = 0
    // As many as are counted as set find room, as both look at the same words.
    for index in 0..<wordCount {
      var word = unsafe word(index)
      let base = Int32(truncatingIfNeeded: index &* 64)
      while word != 0 {
        unsafe output[written] = base &+ Int32(truncatingIfNeeded: word.trailingZeroBitCount)
        written &+= 1
        word &= word &- 1
      }
    }
    result.byteCount = written * 4
    return RowIndexes(buffer: result.freeze(), count: written)
  }

  /// A bitmap made word by word; `word(i)` gives bits 64 i to 64 i + 63.
  @inlinable public static func make(count: Int, word: (Int) -> UInt64) -> Bitmap {
    let words = (count &+ 63) / 64
    let result = MutableBuffer(capacity: words * 8)
    let output = unsafe result.pointer(to: UInt64.self)
    for index in 0..<words { unsafe output[index] = word(index) }
    result.byteCount = words * 8
    return Bitmap(buffer: result.freeze(), count: count)
  }

  /// Writes bytes that are 0 or 1 as bits from `offset` on; the bits behind the last in its byte become zero.
  public static func pack(_ bytes: UnsafePointer<UInt8>, count: Int, into bits: UnsafeMutablePointer<UInt8>, at offset: Int) {
    var index = 0
    while index < count, (offset &+ index) & 7 != 0 {
      let bit = UInt8(truncatingIfNeeded: (offset &+ index) & 7)
      let place = (offset &+ index) &>> 3
      unsafe bits[place] = (bits[place] & ((1 &<< bit) &- 1)) | (bytes[index] &<< bit)
      index &+= 1
    }
    while index &+ 8 <= count {
      // Eight bytes of 0 or 1, the first lowest: the product gathers their lowest bits in its highest byte.
      let word = unsafe UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self).littleEndian
      unsafe bits[(offset &+ index) &>> 3] = UInt8(truncatingIfNeeded: (word &* 0x0102_0408_1020_4080) &>> 56)
      index &+= 8
    }
    guard index < count else { return }
    var last: UInt8 = 0
    for bit in 0..<(count &- index) { unsafe last |= bytes[index &+ bit] &<< UInt8(truncatingIfNeeded: bit) }
    unsafe bits[(offset &+ index) &>> 3] = last
  }

  /// All bits the same.
  public static func repeating(_ bit: Bool, count: Int) -> Bitmap { make(count: count) { _ in bit ? ~0 : 0 } }

  /// The bits of a row range as a bitmap of its own; shares the bytes where the range starts on a byte.
  public func slice(from start: Int, count length: Int) -> Bitmap {
    precondition(start >= 0 && length >= 0 && start + length <= count, "slice within the bitmap")
    if start % 8 == 0 {
      return Bitmap(buffer: buffer.slice(from: start / 8, byteCount: Bitmap.byteCount(for: length)), count: length)
    }
    return .make(count: length) { index in
      let from = start + index * 64
      let shift = UInt64(from % 64)
      let low = unsafe word(from / 64) &>> shift
      return unsafe shift == 0 ? low : low | (from / 64 + 1 < wordCount ? word(from / 64 + 1) &<< (64 &- shift) : 0)
    }
  }
}

/// Row numbers in the order in which a gather takes them.
public struct RowIndexes: Sendable {
  public let buffer: Buffer
  public let count: Int

  @inlinable public init(buffer: Buffer, count: Int) {
    assert(buffer.byteCount >= count * 4, "four bytes for each row number: \(buffer.byteCount) for \(count)")
    self.buffer = buffer
    self.count = count
  }

  public init(_ indexes: [Int32]) {
    let result = MutableBuffer(capacity: indexes.count * 4)
    unsafe indexes.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { unsafe result.append(base, byteCount: bytes.count) }
    }
    self.init(buffer: result.freeze(), count: indexes.count)
  }

  @inlinable public init(_ indexes: some Sequence<Int32>) {
    let result = MutableBuffer(capacity: 256)
    for index in indexes { result.append(index) }
    self.init(buffer: result.freeze(), count: result.byteCount / 4)
  }

  @inlinable public var pointer: UnsafePointer<Int32> { unsafe buffer.pointer(to: Int32.self) }

  /// The first of them, at most so many.
  public func prefix(_ limit: Int) -> RowIndexes {
    limit >= count ? self : RowIndexes(buffer: buffer.slice(from: 0, byteCount: limit * 4), count: limit)
  }
}
