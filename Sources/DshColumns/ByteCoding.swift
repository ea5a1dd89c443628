// Little-endian encoding of small structures (plans, messages, block headers), and decoding that never traps.

/// Appends values to a byte array.
public struct ByteWriter {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func write(_ value: UInt8) { bytes.append(value) }
  public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

  public mutating func write(_ value: UInt32) { writeBits(UInt64(value), 4) }
  public mutating func write(_ value: Int32) { write(UInt32(bitPattern: value)) }
  public mutating func write(_ value: UInt64) { writeBits(value, 8) }
  public mutating func write(_ value: Int64) { write(UInt64(bitPattern: value)) }
  public mutating func write(_ value: Int) { write(Int64(value)) }
  public mutating func write(_ value: Double) { write(value.bitPattern) }

  private mutating func writeBits(_ value: UInt64, _ width: Int) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  /// Writes a length and the UTF-8 bytes.
  public mutating func write(_ value: String) {
    write(UInt32(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  /// Writes a length and the bytes.
  public mutating func write(_ value: [UInt8]) {
    write(UInt32(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a count and each element.
  public mutating func write<T>(_ values: [T], _ element: (inout ByteWriter, T) -> Void) {
    write(UInt32(values.count))
    for value in values { element(&self, value) }
  }

  /// Writes whether there is a value, and the value.
  public mutating func write<T>(_ value: T?, _ element: (inout ByteWriter, T) -> Void) {
    write(value != nil)
    if let value { element(&self, value) }
  }
}

/// Bytes that are not what they should be: cut short, an unknown tag, a length out of bounds.
public struct DecodingFailure: Error, Sendable {
  public let reason: String
  public init(_ reason: String) { self.reason = reason }
}

/// Reads what a `ByteWriter` wrote; throws instead of trapping on any input.
public struct ByteReader {
  private let bytes: [UInt8]
  public private(set) var position = 0
  /// How deep the structure being read nests; see `nested`.
  private var depth = 0

  /// The deepest nesting that is read: far above what the parser lets through, low enough for any thread's stack.
  public static let depthLimit = 500

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public var remaining: Int { bytes.count - position }

  public mutating func readUInt8() throws(DecodingFailure) -> UInt8 {
    guard position < bytes.count else { throw DecodingFailure("cut short at byte \(position)") }
    defer { position += 1 }
    return bytes[position]
  }

  public mutating func readBool() throws(DecodingFailure) -> Bool { try readUInt8() != 0 }

  public mutating func readUInt32() throws(DecodingFailure) -> UInt32 { UInt32(truncatingIfNeeded: try readBits(4)) }
  public mutating func readInt32() throws(DecodingFailure) -> Int32 { Int32(bitPattern: try readUInt32()) }
  public mutating func readUInt64() throws(DecodingFailure) -> UInt64 { try readBits(8) }
  public mutating func readInt64() throws(DecodingFailure) -> Int64 { Int64(bitPattern: try readBits(8)) }
  public mutating func readInt() throws(DecodingFailure) -> Int { Int(try readInt64()) }
  public mutating func readDouble() throws(DecodingFailure) -> Double { Double(bitPattern: try readBits(8)) }

  private mutating func readBits(_ width: Int) throws(DecodingFailure) -> UInt64 {
    guard remaining >= width else { throw DecodingFailure("cut short at byte \(position)") }
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += width
    return value
  }

  public mutating func readString() throws(DecodingFailure) -> String {
    let slice = try readSlice()
    guard let text = String(validating: slice, as: UTF8.self) else { throw DecodingFailure("text is not UTF-8 at byte \(position)") }
    return text
  }

  public mutating func readBytes() throws(DecodingFailure) -> [UInt8] { Array(try readSlice()) }

  private mutating func readSlice() throws(DecodingFailure) -> ArraySlice<UInt8> {
    let length = Int(try readUInt32())
    guard length <= remaining else { throw DecodingFailure("length \(length) beyond the end at byte \(position)") }
    defer { position += length }
    return bytes[position..<position + length]
  }

  /// Reads a counted list; every element takes at least one byte, so a false count can't make it allocate much.
  public mutating func readArray<T>(_ element: (inout ByteReader) throws -> T) throws -> [T] {
    let count = Int(try readUInt32())
    guard count <= remaining else { throw DecodingFailure("count \(count) beyond the end at byte \(position)") }
    var result: [T] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try element(&self)) }
    return result
  }

  public mutating func readOptional<T>(_ element: (inout ByteReader) throws -> T) throws -> T? {
    try readBool() ? try element(&self) : nil
  }

  /// Reads one level of a recursive structure; throws beyond `depthLimit`.
  public mutating func nested<T>(_ element: (inout ByteReader) throws -> T) throws -> T {
    guard depth < Self.depthLimit else { throw DecodingFailure("nested deeper than \(Self.depthLimit)") }
    depth += 1
    defer { depth -= 1 }
    return try element(&self)
  }
}
