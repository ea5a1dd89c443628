// Writes Thrift's compact protocol.

/// Appends structures to bytes.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  /// The number of the last field of each structure that is open.
  private var numbers: [Int] = []

  /// Writes a structure of its own.
  static func bytes(_ body: (inout ThriftWriter) -> Void) -> [UInt8] {
    var writer = ThriftWriter()
    writer.structure(body)
    return writer.bytes
  }

  mutating func field(_ number: Int, _ value: Bool) { header(number, value ? .isTrue : .isFalse) }

  mutating func field(_ number: Int, int32 value: Int) {
    header(number, .int32)
    zigzag(value)
  }

  mutating func field(_ number: Int, int64 value: Int) {
    header(number, .int64)
    zigzag(value)
  }

  mutating func field(_ number: Int, byte value: Int8) {
    header(number, .byte)
    bytes.append(UInt8(bitPattern: value))
  }

  mutating func field(_ number: Int, _ value: [UInt8]) {
    header(number, .binary)
    binary(value)
  }

  mutating func field(_ number: Int, _ value: String) { field(number, Array(value.utf8)) }

  /// Writes a structure.
  mutating func field(_ number: Int, _ body: (inout ThriftWriter) -> Void) {
    header(number, .structure)
    structure(body)
  }

  mutating func field<T>(_ number: Int, structures values: [T], _ body: (inout ThriftWriter, T) -> Void) {
    list(number, .structure, count: values.count)
    for value in values { structure { body(&$0, value) } }
  }

  mutating func field(_ number: Int, int32s values: [Int]) {
    list(number, .int32, count: values.count)
    for value in values { zigzag(value) }
  }

  mutating func field(_ number: Int, int64s values: [Int]) {
    list(number, .int64, count: values.count)
    for value in values { zigzag(value) }
  }

  mutating func field(_ number: Int, texts values: [[UInt8]]) {
    list(number, .binary, count: values.count)
    for value in values { binary(value) }
  }

  mutating func field(_ number: Int, bools values: [Bool]) {
    list(number, .isTrue, count: values.count)
    for value in values { bytes.append(value ? ThriftType.isTrue.rawValue : ThriftType.isFalse.rawValue) }
  }

  private mutating func structure(_ body: (inout ThriftWriter) -> Void) {
    numbers.append(0)
    body(&self)
    numbers.removeLast()
    bytes.append(0)
  }

  private mutating func header(_ number: Int, _ type: ThriftType) {
    let step = number - numbers[numbers.count - 1]
    numbers[numbers.count - 1] = number
    if (1...15).contains(step) {
      bytes.append(UInt8(step) << 4 | type.rawValue)
    } else {
      bytes.append(type.rawValue)
      zigzag(number)
    }
  }

  private mutating func list(_ number: Int, _ type: ThriftType, count: Int) {
    header(number, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | type.rawValue)
    } else {
      bytes.append(0xF0 | type.rawValue)
      varint(UInt64(count))
    }
  }

  private mutating func binary(_ value: [UInt8]) {
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  private mutating func zigzag(_ value: Int) { varint(UInt64(bitPattern: Int64((value << 1) ^ (value >> 63)))) }

  private mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}
