// A row for each element of a list: `flat_map`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Each row as often as its list has elements, with one element each; null and an empty list give no row.
public struct FlatMap: StepSpec {
  public static let name = "flat_map"

  /// The column that gets the elements; one of that name is replaced where it stands, and otherwise it comes last.
  public let column: NamedExpression

  public init(_ column: NamedExpression) { self.column = column }

  public var title: String { "flat_map" }
  public var verb: String? { "flat_map" }
  public var expressions: [Expression] { [column.expression] }
  public var keepsRowCount: Bool { false }
  public func schema(over input: Schema) -> Schema { input.replacing(Field(column.name, column.expression.type.element)) }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep { try FlatMapStep(self, over: input) }

  public func encode(to writer: inout ByteWriter) { writer.write(column) }

  public init(from reader: inout ByteReader) throws { column = try reader.readNamedExpression() }
}

private final class FlatMapStep: BatchStep {
  private let schema: Schema
  private let place: Int
  private let list: CompiledExpression

  init(_ spec: FlatMap, over input: Schema) throws(Diagnostic) {
    guard case .list = spec.column.expression.type else { throw Diagnostic(.badPlan, "flat_map over what is no list") }
    schema = spec.schema(over: input)
    place = input.index(of: spec.column.name) ?? input.count
    list = try CompiledExpression(spec.column.expression, inputs: input.types)
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    let lists = try list.evaluate(batch.columns, rowCount: batch.rowCount)
    guard case .list(let offsets, let elements) = lists.storage else { return .empty(schema) }
    let (rows, places) = expansion(of: lists, offsets)
    let offset = offsets.pointer(to: Int32.self)
    let longest = (0..<lists.count).reduce(0) { max($0, Int(offset[$1 + 1]) - Int(offset[$1])) }
    for (index, column) in batch.columns.enumerated() where index != place {
      try column.checkRepeated({ Int(offset[$0 + 1]) - Int(offset[$0]) }, most: longest)
    }
    var columns = batch.columns.enumerated().map { $0 == place ? $1 : $1.gather(rows) }
    let values = elements.gather(places)
    if place < columns.count { columns[place] = values } else { columns.append(values) }
    return Batch(schema: schema, columns: columns, rowCount: rows.count)
  }

  /// For each element of the lists its row, and its place among the elements.
  private func expansion(of lists: Column, _ offsets: Buffer) -> (rows: RowIndexes, elements: RowIndexes) {
    let offset = offsets.pointer(to: Int32.self)
    let rows = MutableBuffer(capacity: 256)
    let elements = MutableBuffer(capacity: 256)
    for row in 0..<lists.count where lists.validity?[row] ?? true {
      for element in offset[row]..<offset[row &+ 1] {
        rows.append(Int32(truncatingIfNeeded: row))
        elements.append(element)
      }
    }
    let count = rows.byteCount / 4
    return (RowIndexes(buffer: rows.freeze(), count: count), RowIndexes(buffer: elements.freeze(), count: count))
  }
}
