// How columns of dsh's types are written: the leaves of a schema, and what the footer says of them.
import DshColumns

/// A leaf as it is written.
struct ParquetWrittenLeaf {
  var path: [String]
  var type: DataType
  var maximumDefinition: Int
  var maximumRepetition: Int

  /// The leaves of a schema, in order. Every field may be null, as a part does not know of the nulls of others.
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
    case .structure(let fields) where !fields.isEmpty:
      for field in fields { collect(field.type, path + [field.name], definition + 1, repetition, &leaves) }
    default: leaves.append(ParquetWrittenLeaf(path: path, type: type, maximumDefinition: definition, maximumRepetition: repetition))
    }
  }
}

extension DataType {
  /// How values of the type are kept.
  var parquetPhysicalType: ParquetPhysicalType {
    switch self {
    case .bool: .boolean
    case .date, .null: .int32
    case .float64: .double
    case .string, .binary, .structure: .byteArray
    default: .int64
    }
  }

  /// Writes the fields of a `SchemaElement` that tell the meaning: the older converted type, and the logical one.
  fileprivate func writeParquetMeaning(to writer: inout ThriftWriter) {
    switch self {
    case .string:
      writer.field(6, int32: 0)
      writer.field(10) { $0.field(1) { _ in } }
    case .date:
      writer.field(6, int32: 6)
      writer.field(10) { $0.field(6) { _ in } }
    case .timestamp:
      writer.field(10) { logical in
        logical.field(8) { timestamp in
          timestamp.field(1, false)
          timestamp.field(2) { $0.field(2) { _ in } }
        }
      }
    case .null: writer.field(10) { $0.field(11) { _ in } }
    default: break
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

  private static func collect(_ type: DataType, _ name: String, _ elements: inout [(inout ThriftWriter) -> Void]) {
    func group(_ name: String, children: Int, repetition: ParquetRepetition = .optional, isList: Bool = false) {
      elements.append { writer in
        writer.field(3, int32: repetition.rawValue)
        writer.field(4, name)
        writer.field(5, int32: children)
        if isList {
          writer.field(6, int32: 3)
          writer.field(10) { $0.field(3) { _ in } }
        }
      }
    }
    switch type {
    case .list(let element):
      group(name, children: 1, isList: true)
      group("list", children: 1, repetition: .repeated)
      collect(element, "element", &elements)
    case .structure(let fields) where !fields.isEmpty:
      group(name, children: fields.count)
      for field in fields { collect(field.type, field.name, &elements) }
    default:
      elements.append { writer in
        writer.field(1, int32: type.parquetPhysicalType.rawValue)
        writer.field(3, int32: ParquetRepetition.optional.rawValue)
        writer.field(4, name)
        type.writeParquetMeaning(to: &writer)
      }
    }
  }
}
