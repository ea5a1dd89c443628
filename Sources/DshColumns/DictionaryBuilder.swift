// Builds a dictionary column: a table of distinct texts and one byte a row.

/// Codes for texts, up to `Column.dictionaryLimit` distinct ones.
final class DictionaryBuilder {
  private let codes = MutableBuffer(capacity: 1 << 12)
  private let entries = ColumnBuilder(type: .string)
  /// Open addressing: entry number + 1, or 0 for a free slot. Four slots an entry keep the chains short.
  private var slots = [UInt16](repeating: 0, count: 4 * Column.dictionaryLimit)
  private var validity = ValidityBuilder()
  /// The codes of the entries of the dictionary that was appended last: pieces of one column share theirs.
  private var last: (bytes: Buffer, offsets: Buffer, codes: [UInt8])?

  var sizeBytes: Int { codes.byteCount + entries.sizeBytes + validity.byteCount }

  /// Whether the dictionary takes fewer bytes than plain text would.
  var isWorthwhile: Bool { entries.count > 0 && entries.count * 2 <= validity.count }

  /// Appends rows until a text would be one too many; how many rows were taken.
  func append(_ column: Column) -> Int {
    if case .dictionary(let source, let entryCount, _, _) = column.storage, column.count >= entryCount || isLast(column) {
      if let taken = appendCodes(of: column, source, entryCount: entryCount) { return taken }
    }
    codes.reserve(column.count)
    // Room was made for a code for each row.
    let output = unsafe (codes.start + codes.byteCount).assumingMemoryBound(to: UInt8.self)
    var row = 0
    unsafe slots.withUnsafeMutableBufferPointer { slots in
      while row < column.count {
        if let map = column.validity, unsafe !map[row] {
          unsafe output[row] = 0
          row &+= 1
          continue
        }
        guard let code = unsafe code(of: column.textBytes(at: row), slots) else { break }
        unsafe output[row] = code
        row &+= 1
      }
    }
    codes.byteCount += row
    validity.append(column.validity?.slice(from: 0, count: row), count: row)
    return row
  }

  /// Translates codes through a table; nil if the union of both dictionaries is too large.
  private func appendCodes(of column: Column, _ source: Buffer, entryCount: Int) -> Int? {
    guard case .dictionary(_, _, let offsets, let bytes) = column.storage else { return nil }
    var translation = [UInt8](repeating: 0, count: Column.dictionaryLimit)
    if isLast(column), let last {
      translation = last.codes
    } else {
      guard entries.count + entryCount <= Column.dictionaryLimit else { return nil }
      let table = Column(type: .string, count: entryCount, validity: nil, storage: .text(offsets: offsets, bytes: bytes))
      unsafe slots.withUnsafeMutableBufferPointer { slots in
        for entry in 0..<entryCount { translation[entry] = unsafe code(of: table.textBytes(at: entry), slots) ?? 0 }
      }
      last = (bytes, offsets, translation)
    }
    if translation[..<entryCount].elementsEqual((0..<entryCount).map { UInt8($0) }) {
      codes.append(source.slice(from: 0, byteCount: column.count))
    } else {
      codes.reserve(column.count)
      let input = unsafe source.pointer(to: UInt8.self)
      let output = unsafe (codes.start + codes.byteCount).assumingMemoryBound(to: UInt8.self)
      unsafe translation.withUnsafeBufferPointer { translation in
        for row in 0..<column.count { unsafe output[row] = translation[Int(input[row])] }
      }
      codes.byteCount += column.count
    }
    validity.append(column.validity, count: column.count)
    return column.count
  }

  /// Whether a column has the dictionary that was appended last, which is kept and so can't be another at its place.
  private func isLast(_ column: Column) -> Bool {
    guard let last, case .dictionary(_, _, let offsets, let bytes) = column.storage else { return false }
    return unsafe bytes.address == last.bytes.address && bytes.byteCount == last.bytes.byteCount && offsets.address == last.offsets.address
      && offsets.byteCount == last.offsets.byteCount
  }

  /// The code of a text, a new one if there is room; nil if the dictionary is full.
  @inline(__always)
  private func code(of text: UnsafeRawBufferPointer, _ slots: UnsafeMutableBufferPointer<UInt16>) -> UInt8? {
    // A slot is a number below a power of two, and there are free ones; what it holds is an entry, which has an offset at either end.
    var slot = unsafe Int(truncatingIfNeeded: hash(text) >> 40) & (slots.count &- 1)
    let offsets = unsafe entries.offsets.pointer(to: Int32.self)
    while unsafe slots[slot] != 0 {
      let entry = unsafe Int(slots[slot]) &- 1
      let start = unsafe Int(offsets[entry])
      let length = unsafe Int(offsets[entry &+ 1]) &- start
      if unsafe length == text.count && equal(entries.bytes.start + start, text) { return UInt8(truncatingIfNeeded: entry) }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return unsafe insert(text, slot, slots)
  }

  @inline(never)
  private func insert(_ text: UnsafeRawBufferPointer, _ slot: Int, _ slots: UnsafeMutableBufferPointer<UInt16>) -> UInt8? {
    guard entries.count < Column.dictionaryLimit else { return nil }
    unsafe entries.append(text: text)
    unsafe slots[slot] = UInt16(entries.count)
    return UInt8(entries.count - 1)
  }

  @inline(__always)
  private func equal(_ a: UnsafeRawPointer, _ text: UnsafeRawBufferPointer) -> Bool {
    guard let b = text.baseAddress else { return true }
    var index = 0
    while index &+ 8 <= text.count {
      if unsafe (a + index).loadUnaligned(as: UInt64.self) != (b + index).loadUnaligned(as: UInt64.self) { return false }
      index &+= 8
    }
    while index < text.count {
      if unsafe (a + index).load(as: UInt8.self) != (b + index).load(as: UInt8.self) { return false }
      index &+= 1
    }
    return true
  }

  /// A quick multiplicative hash; only this table depends on it.
  @inline(__always)
  private func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
    guard let base = text.baseAddress else { return 0 }
    var hash = UInt64(truncatingIfNeeded: text.count) &* prime
    var index = 0
    while index &+ 8 <= text.count {
      hash = unsafe (hash ^ (base + index).loadUnaligned(as: UInt64.self)) &* prime
      hash ^= hash >> 29
      index &+= 8
    }
    var tail: UInt64 = 0
    while index < text.count {
      tail = unsafe (tail << 8) | UInt64((base + index).load(as: UInt8.self))
      index &+= 1
    }
    hash = (hash ^ tail) &* prime
    return hash ^ (hash >> 32) &* prime
  }

  /// The column; the builder is used no more.
  func finish() -> Column {
    let table = entries.finish()
    guard case .text(let offsets, let bytes) = table.storage else { preconditionFailure("a text builder makes text") }
    if table.count == 0 {
      // Nothing but nulls: a dictionary needs an entry for its codes to name.
      let empty = ColumnBuilder(type: .string)
      for _ in 0..<validity.count { empty.appendNull() }
      return empty.finish()
    }
    return Column(
      type: .string, count: validity.count, validity: validity.finish(),
      storage: .dictionary(codes: codes.freeze(), entryCount: table.count, offsets: offsets, bytes: bytes))
  }
}
