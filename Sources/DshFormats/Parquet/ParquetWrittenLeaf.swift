// How columns of dsh's types are written: the leaves of a schema, and what the footer says of them.
import DshColumns

/// A leaf as it is written.
struct ParquetWrittenLeaf {
  var path: [String]
  var type: DataType
  var maximumDefinition: Int
  var maximumRepetition: Int

  /// The leaves of a schema, in order. Every field but the keys of maps may be null, as a part does not know of the nulls of others.
  static func leaves(of schema: Schema) -> [ParquetWrittenLeaf] {
    var leaves: [ParquetWrittenLeaf] = []
    for field in schema.fields { collect(field.type, [field.name], 1, 0, &leaves) }
    return leaves
  }

  private static func collect(
    _ type: DataType, _ path: [String], _ definition: Int, _ repetition: Int, _ leaves: inout [ParquetWrittenLeaf]
  ) {
    switch type {
    case .list(let element): collect(element, path + ["list", "element"], definition + 2, repetition + 1, &leaves)
    case .map(let key, let value):
      let entry = path + ["key_value"]
      collect(key, entry + ["key"], definition + 1, repetition + 1, &leaves)
      collect(value, entry + ["value"], definition + 2, repetition + 1, &leaves)
    case .structure(let fields) where !fields.isEmpty:
      for field in fields { collect(field.type, path + [field.name], definition + 1, repetition, &leaves) }
    default:
      leaves.append(ParquetWrittenLeaf(path: path, type: type, maximumDefinition: definition, maximumRepetition: repetition))
    }
  }
}

extension DataType {
  /// How values of the type are kept.
  var parquetPhysicalType: ParquetPhysicalType {
    switch self {
    case .bool: .boolean
    case .narrow(.float32): .float
    case .date, .null, .narrow: .int32
    case .time(let unit): unit <= .milliseconds ? .int32 : .int64
    case .float64: .double
    case .string, .binary, .structure: .byteArray
    case .decimal(let precision, _): precision <= 18 ? .int64 : .fixedBytes
    case .int64, .uint64, .timestamp, .duration, .instant, .list, .map: .int64
    }
  }

  /// The bytes of a value as it is written; 1 for truth values, 0 for texts.
  var parquetWidthBytes: Int {
    switch parquetPhysicalType {
    case .boolean: 1
    case .int32, .float: 4
    case .fixedBytes: 16
    case .byteArray: 0
    case .int64, .double, .int96: 8
    }
  }

  /// Writes the fields of a `SchemaElement` that tell the meaning: the older converted type, and the logical one.
  fileprivate func writeParquetMeaning(to writer: inout ThriftWriter) {
    switch self {
    case .string: writer.meaning(converted: 0, logical: 1)
    case .date: writer.meaning(converted: 6, logical: 6)
    case .narrow(.float32): break
    case .narrow(let number): writer.integer(number.layout.byteCount * 8, isSigned: !number.isUnsigned)
    case .uint64: writer.integer(64, isSigned: false)
    case .decimal(let precision, let scale):
      writer.field(6, int32: 5)
      writer.field(7, int32: scale)
      writer.field(8, int32: precision)
      writer.field(10) { logical in
        logical.field(5) { decimal in
          decimal.field(1, int32: scale)
          decimal.field(2, int32: precision)
        }
      }
    case .time(let unit): writer.time(7, unit, isUTC: false)
    case .timestamp: writer.time(8, .microseconds, isUTC: false)
    case .instant(let unit, let zone): writer.time(8, unit, isUTC: zone != nil)
    case .null: writer.field(10) { $0.field(11) { _ in } }
    default: break
    }
  }
}

extension ThriftWriter {
  fileprivate mutating func meaning(converted: Int, logical: Int) {
    field(6, int32: converted)
    field(10) { $0.field(logical) { _ in } }
  }

  fileprivate mutating func integer(_ bits: Int, isSigned: Bool) {
    field(6, int32: (isSigned ? 15 : 11) + bits.trailingZeroBitCount - 3)
    field(10) { logical in
      logical.field(10) { integer in
        integer.field(1, byte: Int8(bits))
        integer.field(2, isSigned)
      }
    }
  }

  fileprivate mutating func time(_ number: Int, _ unit: TimeResolution, isUTC: Bool) {
    field(10) { logical in
      logical.field(number) { time in
        time.field(1, isUTC)
        time.field(2) { $0.field(unit <= .milliseconds ? 1 : unit == .microseconds ? 2 : 3) { _ in } }
      }
    }
  }
}

extension ThriftWriter {
  /// Writes the schema as a list of `SchemaElement`s, depth first.
  mutating func field(_ number: Int, schema: Schema) {
    var elements: [(inout ThriftWriter) -> Void] = [
      { writer in
        writer.field(4, "schema")
        writer.field(5, int32: schema.count)
      }
    ]
    for field in schema.fields { Self.collect(field.type, field.name, &elements) }
    self.field(number, structures: elements) { writer, element in element(&writer) }
  }

  private static func collect(
    _ type: DataType, _ name: String, isKey: Bool = false, _ elements: inout [(inout ThriftWriter) -> Void]
  ) {
    let own = isKey ? ParquetRepetition.required : .optional
    /// - Parameter meaning: the converted and the logical type, if it has one.
    func group(_ name: String, children: Int, repetition: ParquetRepetition, meaning: (converted: Int, logical: Int)? = nil) {
      elements.append { writer in
        writer.field(3, int32: repetition.rawValue)
        writer.field(4, name)
        writer.field(5, int32: children)
        if let meaning { writer.meaning(converted: meaning.converted, logical: meaning.logical) }
      }
    }
    switch type {
    case .list(let element):
      group(name, children: 1, repetition: own, meaning: (3, 3))
      group("list", children: 1, repetition: .repeated)
      collect(element, "element", &elements)
    case .map(let key, let value):
      group(name, children: 1, repetition: own, meaning: (1, 2))
      group("key_value", children: 2, repetition: .repeated)
      collect(key, "key", isKey: true, &elements)
      collect(value, "value", &elements)
    case .structure(let fields) where !fields.isEmpty:
      group(name, children: fields.count, repetition: own)
      for field in fields { collect(field.type, field.name, &elements) }
    default:
      elements.append { writer in
        writer.field(1, int32: type.parquetPhysicalType.rawValue)
        if type.parquetPhysicalType == .fixedBytes { writer.field(2, int32: type.parquetWidthBytes) }
        writer.field(3, int32: own.rawValue)
        writer.field(4, name)
        type.writeParquetMeaning(to: &writer)
      }
    }
  }
}
