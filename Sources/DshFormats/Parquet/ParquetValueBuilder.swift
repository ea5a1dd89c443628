// The values of a leaf on their way into a column: first those that are there one behind the other, then apart, where rows are null.
import CDshKernels
import DshColumns
import DshDiagnostics

/// Gathers values of one leaf for one column.
final class ParquetValueBuilder {
  let leaf: ParquetLeaf
  let place: ParquetPlace
  /// Values so far.
  private(set) var count = 0
  /// Values of fixed width, or bits.
  let values: MutableBuffer
  /// Behind a first 0 the end of each text.
  private let ends: MutableBuffer
  private let bytes: MutableBuffer
  /// The dictionary into which `codes` are, if all values so far came with it.
  private var dictionary: ParquetDictionary?
  private var codes: MutableBuffer
  private let widthBytes: Int
  /// Whether what comes with small dictionaries is kept as codes.
  private let keepsCodes: Bool

  /// The texts of one column of a batch are not longer than this, so that places fit into 32 bits and memory stays bounded.
  static let textLimitBytes = 1 << 30

  /// - Parameter forCodes: whether values of fixed width may be kept as codes too, for `finishRows`.
  init(_ leaf: ParquetLeaf, capacity: Int, _ place: ParquetPlace, forCodes: Bool = false) {
    self.leaf = leaf
    self.place = place
    widthBytes = leaf.columnType.fixedWidthBytes ?? 0
    keepsCodes = leaf.columnType == .string || (forCodes && widthBytes > 0)
    let isText = leaf.columnType == .string || leaf.columnType == .binary
    // Codes are likelier than values where both may come.
    values = MutableBuffer(capacity: leaf.conversion == .bits ? (capacity + 7) / 8 : keepsCodes ? 0 : capacity * widthBytes)
    ends = MutableBuffer(capacity: 0)
    bytes = MutableBuffer(capacity: 0)
    codes = MutableBuffer(capacity: 0)
    if isText || leaf.conversion == .textToInt128 { ends.append(Int32(0)) }
  }

  // MARK: Fixed width

  /// Takes values as they stand in a file.
  func append(raw: UnsafeRawPointer, count added: Int) throws {
    try layOutCodes()
    count += added
    switch leaf.conversion {
    case .same: values.append(raw, byteCount: added * widthBytes)
    case .narrowed: try appendNarrowed(raw, added)
    case .int32ToInt64: widen(raw, added, Int32.self) { Int64($0) }
    case .millisecondsToSeconds: try appendSeconds(raw, added)
    case .int32ToInt128:
      widen(raw, added, Int32.self) { Int128($0) }
      try checkDigits(of: added)
    case .int64ToInt128:
      widen(raw, added, Int64.self) { Int128($0) }
      try checkDigits(of: added)
    case .bytesToInt128:
      for index in 0..<added { try appendInt128(UnsafeRawBufferPointer(start: raw + index * leaf.lengthBytes, count: leaf.lengthBytes)) }
      try checkDigits(of: added)
    case .float16: widen(raw, added, UInt16.self) { Self.float(half: $0) }
    case .int96: try appendInt96(raw, added)
    case .fixedText: try appendFixedTexts(raw, added)
    case .text, .textToInt128, .bits, .nothing: break
    }
  }

  /// Values of eight bytes that need no conversion are written where they belong; nil if this is not so.
  func reserveInt64s(_ added: Int) -> UnsafeMutablePointer<Int64>? {
    guard leaf.conversion == .same, widthBytes == 8, dictionary == nil else { return nil }
    values.reserve(added * 8)
    let room = (values.start + values.byteCount).assumingMemoryBound(to: Int64.self)
    values.byteCount += added * 8
    count += added
    return room
  }

  @inline(__always) private func widen<From: BitwiseCopyable, To: BitwiseCopyable>(
    _ raw: UnsafeRawPointer, _ added: Int, _: From.Type, _ convert: (From) -> To
  ) {
    values.reserve(added * MemoryLayout<To>.size)
    let output = (values.start + values.byteCount).assumingMemoryBound(to: To.self)
    for index in 0..<added { output[index] = convert(raw.loadUnaligned(fromByteOffset: index &* MemoryLayout<From>.size, as: From.self)) }
    values.byteCount += added * MemoryLayout<To>.size
  }

  private func appendSeconds(_ raw: UnsafeRawPointer, _ added: Int) throws {
    var rest: Int64 = 0
    func seconds(_ milliseconds: Int64) -> Int64 {
      let quotient = milliseconds / 1000
      rest |= milliseconds &- quotient &* 1000
      return quotient
    }
    if leaf.type == .int32 {
      widen(raw, added, Int32.self) { seconds(Int64($0)) }
    } else {
      widen(raw, added, Int64.self) { seconds($0) }
    }
    guard rest == 0 else { throw ParquetFractionOfSecond(leaf: leaf.path) }
  }

  /// IEEE 754 binary16.
  private static func float(half: UInt16) -> Float {
    let sign: Float = half & 0x8000 != 0 ? -1 : 1
    let exponent = Int(half >> 10 & 31)
    let fraction = UInt32(half & 1023)
    if exponent == 31 { return Float(bitPattern: UInt32(half & 0x8000) << 16 | 0x7F80_0000 | fraction << 13) }
    if exponent == 0 { return sign * Float(fraction) * Float(sign: .plus, exponent: -24, significand: 1) }
    return Float(bitPattern: UInt32(half & 0x8000) << 16 | UInt32(exponent + 112) << 23 | fraction << 13)
  }

  private func appendInt96(_ raw: UnsafeRawPointer, _ added: Int) throws {
    values.reserve(added * 8)
    for index in 0..<added {
      let nanoseconds = raw.loadUnaligned(fromByteOffset: index * 12, as: Int64.self)
      let day = raw.loadUnaligned(fromByteOffset: index * 12 + 8, as: UInt32.self)
      // Noon of the Julian day 2,440,588 is that of 1970-01-01.
      let (microseconds, overflow) = ((Int64(day) - 2_440_588) * 86_400_000_000).addingReportingOverflow(floorQuotient(nanoseconds, 1000))
      guard !overflow else { throw place.damaged("a timestamp is beyond all times") }
      values.append(microseconds)
    }
  }

  private func floorQuotient(_ number: Int64, _ divisor: Int64) -> Int64 { number / divisor - (number % divisor < 0 ? 1 : 0) }

  private func appendNarrowed(_ raw: UnsafeRawPointer, _ added: Int) throws {
    let isExact =
      switch leaf.columnType {
      case .narrow(.int8): narrow(raw, added, to: Int8.self)
      case .narrow(.int16): narrow(raw, added, to: Int16.self)
      case .narrow(.uint8): narrow(raw, added, to: UInt8.self)
      default: narrow(raw, added, to: UInt16.self)
      }
    guard isExact else { throw place.damaged("a number is larger than its column's type") }
  }

  /// Whether all numbers fit. An unsigned one may stand as a negative one of as many bits.
  @inline(__always) private func narrow<Narrow: FixedWidthInteger & BitwiseCopyable>(_ raw: UnsafeRawPointer, _ added: Int, to: Narrow.Type)
    -> Bool
  {
    var lost: Int32 = 0
    widen(raw, added, Int32.self) { number -> Narrow in
      let narrow = Narrow(truncatingIfNeeded: number)
      lost |= Int32(truncatingIfNeeded: narrow) ^ number
      return narrow
    }
    return lost == 0
  }

  /// Takes a number whose highest byte comes first; no bytes are zero.
  private func appendInt128(_ bytes: UnsafeRawBufferPointer) throws {
    let isNegative = (bytes.first ?? 0) & 0x80 != 0
    let surplus = max(0, bytes.count - 16)
    guard bytes[..<surplus].allSatisfy({ $0 == (isNegative ? 0xFF : 0) }), surplus == 0 || (bytes[surplus] & 0x80 != 0) == isNegative else {
      throw place.damaged("a decimal is larger than its column's type")
    }
    var number: Int128 = isNegative ? -1 : 0
    for byte in bytes[surplus...] { number = number << 8 | Int128(byte) }
    values.append(number)
  }

  /// Throws if one of the last decimals is larger than its column's type.
  private func checkDigits(of added: Int) throws {
    guard case .decimal(let precision, _) = leaf.columnType else { return }
    let first = (values.start + values.byteCount).assumingMemoryBound(to: Int128.self) - added
    guard DecimalNumber.fit(first, count: added, precision: precision) else {
      throw place.damaged("a decimal has more than \(precision) digits")
    }
  }

  private func appendFixedTexts(_ raw: UnsafeRawPointer, _ added: Int) throws {
    let length = leaf.lengthBytes
    guard bytes.byteCount + added * length <= Self.textLimitBytes else { throw tooMuchText }
    var end = Int32(bytes.byteCount)
    bytes.append(raw, byteCount: added * length)
    ends.reserve(added * 4)
    for _ in 0..<added {
      end += Int32(length)
      ends.append(end)
    }
  }

  // MARK: Truth values

  /// Makes room for bits; gives where they are, and at which bit the new ones begin.
  func reserveBits(_ added: Int) -> (bits: UnsafeMutablePointer<UInt8>, offset: Int) {
    let needed = Bitmap.byteCount(for: count + added)
    if needed > values.byteCount { values.appendZeros(needed - values.byteCount) }
    defer { count += added }
    return (values.pointer(to: UInt8.self), count)
  }

  // MARK: Texts

  private var tooMuchText: Diagnostic { place.tooLarge("the text of a few thousand rows", limit: Self.textLimitBytes) }

  /// Makes room for texts: `fill` gets where the bytes begin, where the first new one does, and where the end of each belongs.
  func appendTexts(_ added: Int, byteCount: UInt64, _ fill: (UnsafeMutablePointer<UInt8>, Int32, UnsafeMutablePointer<Int32>) -> Void)
    throws
  {
    try layOutCodes()
    guard byteCount <= UInt64(Self.textLimitBytes - bytes.byteCount) else { throw tooMuchText }
    bytes.reserve(Int(byteCount))
    ends.reserve(added * 4)
    fill(
      bytes.pointer(to: UInt8.self), Int32(bytes.byteCount), (ends.start + ends.byteCount).assumingMemoryBound(to: Int32.self))
    bytes.byteCount += Int(byteCount)
    ends.byteCount += added * 4
    count += added
    if leaf.conversion == .textToInt128 { try convertTexts(added) }
  }

  /// Texts that are the bytes of numbers.
  private func convertTexts(_ added: Int) throws {
    let end = ends.pointer(to: Int32.self)
    for index in 0..<added {
      try appendInt128(UnsafeRawBufferPointer(start: bytes.start + Int(end[index]), count: Int(end[index + 1] - end[index])))
    }
    bytes.byteCount = 0
    ends.byteCount = 4
    try checkDigits(of: added)
  }

  /// Takes the entries of a dictionary that runs of codes name.
  func append(_ runs: inout dsh_run_length, _ added: Int, of dictionary: ParquetDictionary) throws {
    if added == 0 { return }
    if keepsCodes, dictionary.isSmall, count == 0 || self.dictionary === dictionary {
      self.dictionary = dictionary
      return try appendCodes(&runs, added, of: dictionary)
    }
    let numbers = MutableBuffer(capacity: added * 4)
    let number = numbers.pointer(to: UInt32.self)
    guard dsh_run_length_u32(&runs, number, added) == added else { throw place.damaged("the values of a page are cut short") }
    guard Int(dsh_largest_u32(number, added)) < dictionary.count else { throw place.damaged("a value is not in the dictionary") }
    try layOutCodes()
    try append(number, added, of: dictionary)
  }

  /// Takes the entries of a dictionary that numbers name, all of which are in it.
  private func append(_ number: UnsafePointer<UInt32>, _ added: Int, of dictionary: ParquetDictionary) throws {
    if leaf.columnType == .string || leaf.columnType == .binary {
      let offsets = dictionary.offsets.pointer(to: Int32.self)
      let texts = dictionary.bytes.pointer(to: UInt8.self)
      let size = dsh_size_of_texts(offsets, number, added)
      try appendTexts(added, byteCount: size) { dsh_take_texts(offsets, texts, number, added, $0, $1, $2) }
    } else {
      values.reserve(added * widthBytes)
      dsh_take_entries(dictionary.entries.address, widthBytes, number, added, values.start + values.byteCount)
      values.byteCount += added * widthBytes
      count += added
    }
  }

  private func appendCodes(_ runs: inout dsh_run_length, _ added: Int, of dictionary: ParquetDictionary) throws {
    let width = Column.codeWidth(entryCount: dictionary.count)
    guard runs.width <= UInt32(width * 8) else {
      // Wider than they need be.
      let numbers = MutableBuffer(capacity: added * 4)
      let number = numbers.pointer(to: UInt32.self)
      guard dsh_run_length_u32(&runs, number, added) == added else { throw place.damaged("the values of a page are cut short") }
      guard Int(dsh_largest_u32(number, added)) < dictionary.count else { throw place.damaged("a value is not in the dictionary") }
      codes.reserve(added * width)
      for index in 0..<added {
        if width == 1 { codes.append(UInt8(number[index])) } else { codes.append(UInt16(number[index])) }
      }
      count += added
      return
    }
    codes.reserve(added * width)
    let room = codes.start + codes.byteCount
    let read: Int
    let largest: Int
    if width == 1 {
      let code = room.assumingMemoryBound(to: UInt8.self)
      read = dsh_run_length_u8(&runs, code, added)
      largest = Int(dsh_largest_u8(code, read))
    } else {
      let code = room.assumingMemoryBound(to: UInt16.self)
      read = dsh_run_length_u16(&runs, code, added)
      largest = Int(dsh_largest_u16(code, read))
    }
    guard read == added else { throw place.damaged("the values of a page are cut short") }
    guard largest < dictionary.count else { throw place.damaged("a value is not in the dictionary") }
    codes.byteCount += added * width
    count += added
  }

  /// Writes out the values of the codes so far, as others follow that have none.
  private func layOutCodes() throws {
    guard let dictionary else { return }
    self.dictionary = nil
    let isWide = Column.codeWidth(entryCount: dictionary.count) == 2
    let numbers = MutableBuffer(capacity: count * 4)
    let number = numbers.pointer(to: UInt32.self)
    for index in 0..<count {
      number[index] = isWide ? UInt32(codes.pointer(to: UInt16.self)[index]) : UInt32(codes.pointer(to: UInt8.self)[index])
    }
    let written = count
    count = 0
    try append(number, written, of: dictionary)
  }

  // MARK: The column

  /// The same as `finish`, but as codes where all values came with one small dictionary.
  func finishRows(_ rows: Int, validity: Bitmap?) throws -> ParquetRows {
    guard let dictionary else { return .values(try finish(rows: rows, validity: validity)) }
    let width = Column.codeWidth(entryCount: dictionary.count)
    return .codes(ParquetCodedRows(dictionary, codes: spread(codes, width, rows, validity), validity: validity, count: rows))
  }

  /// Values of a width, apart where rows are null.
  private func spread(_ buffer: MutableBuffer, _ width: Int, _ rows: Int, _ validity: Bitmap?) -> Buffer {
    if let validity {
      buffer.reserve(max(0, rows * width - buffer.byteCount))
      dsh_spread(buffer.start, width, validity.buffer.pointer(to: UInt8.self), rows, count)
      buffer.byteCount = rows * width
    }
    return buffer.freeze()
  }

  /// The column of so many rows, with the values in those whose bits are set, as many as there are values; nil if each row has one.
  func finish(rows: Int, validity: Bitmap?) throws -> Column {
    precondition(validity != nil || count == rows || leaf.conversion == .nothing, "a value for each row: \(count) for \(rows)")
    let type = leaf.columnType
    if leaf.conversion == .nothing { return Column(type: type, count: rows, validity: nil, storage: .none) }
    let bits = validity?.buffer.pointer(to: UInt8.self)
    let storage: Column.Storage
    if leaf.conversion == .bits {
      storage = .bits(spreadBits(rows, bits))
    } else if type == .string || type == .binary {
      if let dictionary {
        let width = Column.codeWidth(entryCount: dictionary.count)
        storage = .dictionary(
          codes: spread(codes, width, rows, validity), entryCount: dictionary.count, offsets: dictionary.offsets, bytes: dictionary.bytes)
      } else {
        if type == .string { try checkTexts() }
        if let bits {
          ends.reserve((rows - count) * 4)
          dsh_spread_ends(ends.pointer(to: Int32.self) + 1, bits, rows, count, 0)
          ends.byteCount = (rows + 1) * 4
        }
        storage = .text(offsets: ends.freeze(), bytes: bytes.freeze())
      }
    } else {
      storage = .fixed(spread(values, widthBytes, rows, validity))
    }
    return Column(type: type, count: rows, validity: validity, storage: storage)
  }

  private func spreadBits(_ rows: Int, _ bits: UnsafePointer<UInt8>?) -> Buffer {
    guard let bits else { return values.freeze() }
    let spread = MutableBuffer(capacity: Bitmap.byteCount(for: rows))
    spread.appendZeros(Bitmap.byteCount(for: rows))
    let (source, target) = (values.pointer(to: UInt8.self), spread.pointer(to: UInt8.self))
    var next = 0
    for row in 0..<rows where bits[row >> 3] & (1 << UInt8(row & 7)) != 0 {
      if source[next >> 3] & (1 << UInt8(next & 7)) != 0 { target[row >> 3] |= 1 << UInt8(row & 7) }
      next += 1
    }
    return spread.freeze()
  }

  /// All bytes together are characters, and no text begins in the middle of one: so each is of whole characters.
  private func checkTexts() throws {
    let text = bytes.pointer(to: UInt8.self)
    guard dsh_utf8_first_invalid(text, Int64(bytes.byteCount)) < 0 else { throw place.notUTF8 }
    let end = ends.pointer(to: Int32.self)
    for index in 0..<count where Int(end[index]) < bytes.byteCount && text[Int(end[index])] & 0xC0 == 0x80 { throw place.notUTF8 }
  }
}
