// What Arrow's types say more of columns than Parquet's do: writers note their schema in the footer, as Arrow C++ does ("Parquet", store_schema).
import DshColumns
import DshDiagnostics

/// The schema of an Arrow stream beside that of a Parquet file: zones of timestamps, lengths of time and seconds.
///
/// Where the two contradict each other, Parquet's counts: the values are written in its types.
enum ParquetArrowSchema {
  /// What the note is called.
  static let key = "ARROW:schema"

  /// A note for columns: the message with the schema in base 64.
  static func encoded(_ schema: Schema) -> [UInt8] {
    var letters: [UInt8] = []
    ArrowStreaming().header(schema).withUnsafeBufferPointer { Base64.encode($0) { letters.append($0) } }
    return letters
  }

  /// The columns that a note names; nil for one that can't be read, and none if the whole note can't be.
  static func fields(_ note: [UInt8]) -> [ArrowField?] {
    guard let message = note.withUnsafeBufferPointer({ Base64.decode($0) }) else { return [] }
    // Before version 0.15 there was no mark.
    let start = message.starts(with: ArrowMessage.mark) ? 8 : 4
    guard message.count > start, let table = try? FlatTable(Array(message[start...])),
      (try? table.number(1, UInt8.self)) == ArrowMessage.schema, let schema = try? table.table(2), let fields = try? schema.tables(1)
    else { return [] }
    var parts = 0
    return fields.map { try? ArrowField($0, parts: &parts) }
  }
}

extension ParquetSchema {
  /// The same columns in the types that a note of Arrow's tells.
  ///
  /// - Parameter read: the types that a `read` settled on, as far as that is known. A column that it does not read in whole seconds keeps the unit of the file.
  func refined(_ note: [UInt8], read: Schema? = nil) -> ParquetSchema {
    let fields = ParquetArrowSchema.fields(note)
    guard fields.count == columns.count else { return self }
    var schema = self
    for (index, field) in fields.enumerated() {
      guard let field, field.name.isExactly(names[index]) else { continue }
      var column = ParquetRefinement(leaves: schema.leaves, hasSeconds: true)
      var node = column.refined(columns[index], field.layout)
      if let read, read.count == columns.count, read[index].type != node.type {
        column = ParquetRefinement(leaves: schema.leaves, hasSeconds: false)
        node = column.refined(columns[index], field.layout)
      }
      schema.replace(index, node, leaves: column.leaves)
    }
    return schema
  }
}

/// Refines the types of one column.
private struct ParquetRefinement {
  var leaves: [ParquetLeaf]
  /// Whether milliseconds that are said to be seconds become so.
  let hasSeconds: Bool

  /// A node and the leaves below it, as far as their shape is that of Arrow's layout.
  mutating func refined(_ node: ParquetNode, _ layout: ArrowLayout) -> ParquetNode {
    var node = node
    switch (node.shape, layout) {
    case (_, .dictionary(_, _, let values)): return refined(node, values)
    case (.leaf(let leaf), _):
      leaves[leaf].refine(layout.type, hasSeconds: hasSeconds)
      node.type = leaves[leaf].columnType
    case (.structure(let fields), .structure(let others)) where fields.count == others.count:
      let members = zip(fields, others).map { own, other in
        (name: own.name, node: own.name.isExactly(other.name) ? refined(own.node, other.layout) : own.node)
      }
      node.shape = .structure(members)
      node.type = .structure(members.map { Field($0.name, $0.node.type) })
    case (.list(let element, let definition), .list(_, let other)), (.list(let element, let definition), .fixedList(_, let other)):
      guard case .list = node.type else { break }
      let member = refined(element, other.layout)
      node.shape = .list(member, elementDefinition: definition)
      node.type = .list(member.type)
    case (.list(let entries, let definition), .map(let other)):
      guard case .map = node.type, case .structure(let fields) = entries.shape, fields.count == 2, other.layout.children.count == 2 else {
        break
      }
      // Whatever the fields of entries are called.
      let members = zip(fields, other.layout.children).map { (name: $0.name, node: refined($0.node, $1.layout)) }
      let type = DataType.map(members[0].node.type, members[1].node.type)
      var entry = entries
      entry.shape = .structure(members)
      entry.type = type.entry ?? entry.type
      node.shape = .list(entry, elementDefinition: definition)
      node.type = type
    default: break
    }
    return node
  }
}

extension ParquetLeaf {
  /// Takes over what a type of Arrow says more than Parquet's own.
  fileprivate mutating func refine(_ type: DataType, hasSeconds: Bool) {
    guard conversion == .same || conversion == .int32ToInt64 else { return }
    switch (columnType, type) {
    case (.int64, .duration): columnType = type
    case (.time(.milliseconds), .time(.seconds)) where hasSeconds: (columnType, conversion) = (type, .millisecondsToSeconds)
    default:
      guard let (unit, zone) = columnType.instant, let (wanted, wantedZone) = type.instant, (zone == nil) == (wantedZone == nil) else {
        return
      }
      let isWhole = hasSeconds && unit == .milliseconds && wanted == .seconds
      columnType = .timestamp(isWhole ? wanted : unit, zone: wantedZone)
      if isWhole { conversion = .millisecondsToSeconds }
    }
  }
}
