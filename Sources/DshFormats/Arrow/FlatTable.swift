// Reads FlatBuffers, the encoding of Arrow's metadata; what leads out of the buffer is a mistake, never a trap.
import DshDiagnostics

/// What is wrong with bytes that should be Arrow's.
struct ArrowMistake: Error, Hashable {
  var problem: String
  var column: String?

  init(_ problem: String, column: String? = nil) {
    self.problem = problem
    self.column = column
  }
}

/// A table of a buffer.
struct FlatTable {
  private let bytes: [UInt8]
  /// Where the table begins, where its directory does, and how long that is.
  private let start: Int
  private let directory: Int
  private let directoryBytes: Int

  /// The table that a buffer is.
  init(_ bytes: [UInt8]) throws(ArrowMistake) {
    try self.init(bytes, namedAt: 0)
  }

  private init(_ bytes: [UInt8], namedAt place: Int) throws(ArrowMistake) {
    self.bytes = bytes
    start = place + Int(try Self.number(bytes, place, UInt32.self))
    directory = start - Int(try Self.number(bytes, start, Int32.self))
    directoryBytes = Int(try Self.number(bytes, directory, UInt16.self))
  }

  private static func number<T: FixedWidthInteger>(_ bytes: [UInt8], _ place: Int, _: T.Type) throws(ArrowMistake) -> T {
    guard place >= 0, place <= bytes.count - MemoryLayout<T>.size else { throw ArrowMistake("its metadata leads out of itself") }
    var value: T = 0
    for byte in 0..<MemoryLayout<T>.size { value |= T(truncatingIfNeeded: bytes[place + byte]) << T(8 * byte) }
    return value
  }

  /// Where a field stands; nil if it has its usual value.
  private func place(_ field: Int) throws(ArrowMistake) -> Int? {
    guard 4 + 2 * field + 2 <= directoryBytes else { return nil }
    let offset = Int(try Self.number(bytes, directory + 4 + 2 * field, UInt16.self))
    return offset == 0 ? nil : start + offset
  }

  func number<T: FixedWidthInteger>(_ field: Int, _ type: T.Type, default usual: T = 0) throws(ArrowMistake) -> T {
    guard let place = try place(field) else { return usual }
    return try Self.number(bytes, place, type)
  }

  func table(_ field: Int) throws(ArrowMistake) -> FlatTable? {
    guard let place = try place(field) else { return nil }
    return try FlatTable(bytes, namedAt: place)
  }

  /// Where the items of a vector begin, and how many there are.
  private func vector(_ field: Int, itemBytes: Int) throws(ArrowMistake) -> (start: Int, count: Int)? {
    guard let place = try place(field) else { return nil }
    let vector = place + Int(try Self.number(bytes, place, UInt32.self))
    let count = Int(try Self.number(bytes, vector, UInt32.self))
    guard count <= (bytes.count - vector - 4) / itemBytes else { throw ArrowMistake("its metadata leads out of itself") }
    return (vector + 4, count)
  }

  func string(_ field: Int) throws(ArrowMistake) -> String? {
    guard let vector = try vector(field, itemBytes: 1) else { return nil }
    guard let text = String(validating: bytes[vector.start..<vector.start + vector.count], as: UTF8.self) else {
      throw ArrowMistake("a name is not UTF-8")
    }
    return text
  }

  func tables(_ field: Int) throws(ArrowMistake) -> [FlatTable] {
    guard let vector = try vector(field, itemBytes: 4) else { return [] }
    var tables: [FlatTable] = []
    for index in 0..<vector.count { tables.append(try FlatTable(bytes, namedAt: vector.start + 4 * index)) }
    return tables
  }

  /// Numbers of 64 bits.
  func numbers(_ field: Int) throws(ArrowMistake) -> [Int64] {
    guard let vector = try vector(field, itemBytes: 8) else { return [] }
    var numbers: [Int64] = []
    for index in 0..<vector.count { numbers.append(try Self.number(bytes, vector.start + 8 * index, Int64.self)) }
    return numbers
  }

  /// Structures of three 64-bit numbers, the second of which has 32 bits and room behind it.
  func blocks(_ field: Int) throws(ArrowMistake) -> [(offset: Int64, metadataBytes: Int32, bodyBytes: Int64)] {
    guard let vector = try vector(field, itemBytes: 24) else { return [] }
    var blocks: [(Int64, Int32, Int64)] = []
    for index in 0..<vector.count {
      let place = vector.start + 24 * index
      blocks.append(
        (
          try Self.number(bytes, place, Int64.self), try Self.number(bytes, place + 8, Int32.self),
          try Self.number(bytes, place + 16, Int64.self)
        ))
    }
    return blocks
  }

  /// Structures of two 64-bit numbers.
  func pairs(_ field: Int) throws(ArrowMistake) -> [(first: Int64, second: Int64)] {
    guard let vector = try vector(field, itemBytes: 16) else { return [] }
    var pairs: [(Int64, Int64)] = []
    for index in 0..<vector.count {
      let place = vector.start + 16 * index
      pairs.append((try Self.number(bytes, place, Int64.self), try Self.number(bytes, place + 8, Int64.self)))
    }
    return pairs
  }
}
