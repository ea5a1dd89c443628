// Writes FlatBuffers, the encoding of Arrow's metadata: tables, strings and vectors, each behind whatever names it.

/// A value of a table's field.
indirect enum FlatValue {
  case uint8(UInt8)
  case int16(Int16)
  case int32(Int32)
  case int64(Int64)
  case string(String)
  case table(FlatFields)
  case tables([FlatFields])
  /// Structures of 64-bit numbers, so many of each.
  case structures([[Int64]])
}

/// Fields of a table by their numbers in its definition.
typealias FlatFields = [Int: FlatValue]

/// A buffer with one table. Offsets point forward, so that everything stands behind what names it.
struct FlatBufferWriter {
  private(set) var bytes: [UInt8] = [0, 0, 0, 0]

  init(_ root: FlatFields) {
    let place = write(root)
    patch(0, place)
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private mutating func align(_ size: Int, before byteCount: Int = 0) {
    while (bytes.count + byteCount) % size != 0 { bytes.append(0) }
  }

  /// Makes the four bytes at a place lead to another one.
  private mutating func patch(_ place: Int, _ target: Int) {
    for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: (target - place) >> (8 * byte)) }
  }

  /// Where the table begins.
  private mutating func write(_ fields: FlatFields) -> Int {
    let numbers = fields.keys.sorted()
    // The places of fields in the table are known before it is written, as tables begin at multiples of eight.
    var places: [Int: Int] = [:]
    var size = 4
    for number in numbers {
      let width = fields[number]?.width ?? 0
      size = (size + width - 1) / width * width
      places[number] = size
      size += width
    }
    let fieldCount = (numbers.last ?? -1) + 1
    align(8, before: 4 + 2 * fieldCount)
    let directory = bytes.count
    append(UInt16(4 + 2 * fieldCount))
    append(UInt16(size))
    for number in 0..<fieldCount { append(UInt16(places[number] ?? 0)) }
    let table = bytes.count
    append(Int32(table - directory))
    var named: [(place: Int, value: FlatValue)] = []
    for number in numbers {
      guard let value = fields[number], let place = places[number] else { continue }
      while bytes.count < table + place { bytes.append(0) }
      switch value {
      case .uint8(let value): append(value)
      case .int16(let value): append(value)
      case .int32(let value): append(value)
      case .int64(let value): append(value)
      case .string, .table, .tables, .structures:
        named.append((bytes.count, value))
        append(UInt32(0))
      }
    }
    for (place, value) in named { patch(place, writeNamed(value)) }
    return table
  }

  private mutating func writeNamed(_ value: FlatValue) -> Int {
    switch value {
    case .uint8, .int16, .int32, .int64: preconditionFailure("numbers stand in their table")
    case .string(let text):
      align(4)
      let place = bytes.count
      append(UInt32(text.utf8.count))
      bytes += Array(text.utf8) + [0]
      return place
    case .table(let fields): return write(fields)
    case .tables(let tables):
      align(4)
      let place = bytes.count
      append(UInt32(tables.count))
      for _ in tables { append(UInt32(0)) }
      for (index, table) in tables.enumerated() {
        let target = write(table)
        patch(place + 4 + 4 * index, target)
      }
      return place
    case .structures(let structures):
      align(8, before: 4)
      let place = bytes.count
      append(UInt32(structures.count))
      for number in structures.joined() { append(number) }
      return place
    }
  }
}

extension FlatValue {
  /// The bytes in the table itself.
  fileprivate var width: Int {
    switch self {
    case .uint8: 1
    case .int16: 2
    case .int32, .string, .table, .tables, .structures: 4
    case .int64: 8
    }
  }
}
