// Reads Thrift's compact protocol, in which Parquet keeps what it says of itself.

/// Bytes that are no structure of Thrift's compact protocol (Apache Thrift, "Thrift Compact protocol encoding").
struct ThriftFailure: Error {
  var reason: String
  /// Whether the bytes end too early: with more of them it might be one.
  var isCutShort = false
}

/// The type of a field or element as its bytes say it.
enum ThriftType: UInt8 {
  case isTrue = 1
  case isFalse = 2
  case byte = 3
  case int16 = 4
  case int32 = 5
  case int64 = 6
  case double = 7
  case binary = 8
  case list = 9
  case set = 10
  case map = 11
  case structure = 12
}

/// A place in bytes that hold structures; whatever they hold, reading throws instead of trapping, and takes memory in proportion to them.
struct ThriftReader {
  /// The bytes, which outlive the reader.
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  private var depth = 0

  /// Structures of Parquet nest less than ten deep.
  static let depthLimit = 32

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Calls `field` with the number and type of each field of a structure. It reads the value and returns true, or returns false to have it passed over.
  mutating func readStructure(_ field: (Int, ThriftType, inout ThriftReader) throws -> Bool) throws {
    guard depth < Self.depthLimit else { throw ThriftFailure(reason: "it nests deeper than \(Self.depthLimit)") }
    depth += 1
    defer { depth -= 1 }
    var number = 0
    while true {
      let header = try readByte()
      if header == 0 { return }
      guard let type = ThriftType(rawValue: header & 15) else {
        throw ThriftFailure(reason: "it has a field of the unknown type \(header & 15)")
      }
      let step = Int(header >> 4)
      number = step > 0 ? number + step : Int(truncatingIfNeeded: try readInt64())
      guard (0...Int(Int16.max)).contains(number) else { throw ThriftFailure(reason: "it has a field with the number \(number)") }
      if try !field(number, type, &self) { try skip(type) }
    }
  }

  /// Reads the elements of a list of structures, texts and the like; a false count meets the end of the bytes.
  ///
  /// - Parameter limit: how many there may be.
  mutating func readList<T>(_ type: ThriftType, limit: Int, _ element: (ThriftType, inout ThriftReader) throws -> T) throws -> [T] {
    guard type == .list || type == .set else { throw ThriftFailure(reason: "something else stands in the place of a list") }
    let (elementType, count) = try readListHeader()
    guard count <= limit else { throw ThriftFailure(reason: "a list has \(count) elements, more than \(limit)") }
    var result: [T] = []
    result.reserveCapacity(min(count, 1024))
    for _ in 0..<count { result.append(try element(elementType, &self)) }
    return result
  }

  mutating func readBool(_ type: ThriftType) throws -> Bool {
    switch type {
    case .isTrue: return true
    case .isFalse: return false
    default: throw ThriftFailure(reason: "something else stands in the place of a truth value")
    }
  }

  /// An element of a list of truth values, which has a byte of its own.
  mutating func readBoolElement() throws -> Bool { try readByte() == ThriftType.isTrue.rawValue }

  mutating func readInt(_ type: ThriftType) throws -> Int {
    switch type {
    case .byte: return Int(Int8(bitPattern: try readByte()))
    case .int16, .int32, .int64: return Int(try readInt64())
    default: throw ThriftFailure(reason: "something else stands in the place of a number")
    }
  }

  mutating func readInt32(_ type: ThriftType) throws -> Int32 {
    guard let number = Int32(exactly: try readInt(type)) else { throw ThriftFailure(reason: "a number is larger than it may be") }
    return number
  }

  mutating func readBytes(_ type: ThriftType) throws -> [UInt8] {
    guard type == .binary else { throw ThriftFailure(reason: "something else stands in the place of bytes") }
    return Array(try take(try readCount()))
  }

  mutating func readText(_ type: ThriftType) throws -> String {
    guard let text = String(validating: try readBytes(type), as: UTF8.self) else { throw ThriftFailure(reason: "a text is not UTF-8") }
    return text
  }

  /// Passes over a value.
  mutating func skip(_ type: ThriftType) throws {
    switch type {
    case .isTrue, .isFalse: break
    case .byte: _ = try readByte()
    case .int16, .int32, .int64: _ = try readInt64()
    case .double: _ = try take(8)
    case .binary: _ = try take(try readCount())
    case .structure: try readStructure { _, _, _ in false }
    case .list, .set:
      let (element, count) = try readListHeader()
      for _ in 0..<count { try skipElement(element) }
    case .map:
      let count = try readCount()
      if count == 0 { return }
      let types = try readByte()
      guard let key = ThriftType(rawValue: types >> 4), let value = ThriftType(rawValue: types & 15) else {
        throw ThriftFailure(reason: "a map is of unknown types")
      }
      for _ in 0..<count {
        try skipElement(key)
        try skipElement(value)
      }
    }
  }

  private mutating func skipElement(_ type: ThriftType) throws {
    guard depth < Self.depthLimit else { throw ThriftFailure(reason: "it nests deeper than \(Self.depthLimit)") }
    depth += 1
    defer { depth -= 1 }
    if type == .isTrue || type == .isFalse { _ = try readByte() } else { try skip(type) }
  }

  private mutating func readListHeader() throws -> (element: ThriftType, count: Int) {
    let header = try readByte()
    guard let type = ThriftType(rawValue: header & 15) else { throw ThriftFailure(reason: "a list is of the unknown type \(header & 15)") }
    return (type, header >> 4 < 15 ? Int(header >> 4) : try readCount())
  }

  private mutating func readByte() throws -> UInt8 {
    guard position < bytes.count else { throw ThriftFailure(reason: "it is cut short", isCutShort: true) }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func readVarint() throws -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let byte = try readByte()
      number |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return number }
      shift += 7
    }
    throw ThriftFailure(reason: "a number does not end")
  }

  private mutating func readInt64() throws -> Int64 {
    let number = try readVarint()
    return Int64(bitPattern: (number >> 1) ^ (0 &- (number & 1)))
  }

  private mutating func readCount() throws -> Int {
    let count = try readVarint()
    guard count <= UInt64(Int32.max) else { throw ThriftFailure(reason: "a length of \(count)") }
    return Int(count)
  }

  private mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count <= bytes.count - position else { throw ThriftFailure(reason: "it is cut short", isCutShort: true) }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}
