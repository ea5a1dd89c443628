// Columns computed from others: `map`, `select`, `rename`, `drop`.

import DshColumns
import DshDiagnostics
import DshPlan

public struct Project: StepSpec {
  public static let name = "project"

  public let columns: [NamedExpression]

  public init(_ columns: [NamedExpression]) { self.columns = columns }

  public var title: String { "project" }

  public var verb: String? {
    let computes = columns.contains { if case .column = $0.expression { false } else { true } }
    return computes ? "map" : "select"
  }

  public var expressions: [Expression] { columns.map(\.expression) }
  /// The columns that it looks at, ascending.
  var columnsRead: [Int] { columns.reduce(into: Set<Int>()) { $0.formUnion($1.expression.columns) }.sorted() }
  public var keepsRowCount: Bool { true }
  public func schema(over input: Schema) -> Schema { Schema(columns.map { Field($0.name, $0.expression.type) }) }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    try ProjectStep(self, over: input)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(columns) { $0.write($1) } }

  public init(from reader: inout ByteReader) throws { columns = try reader.readArray { try $0.readNamedExpression() } }
}

private final class ProjectStep: BatchStep {
  private enum Output {
    case input(Int)
    case computed(CompiledExpression)
  }

  private let schema: Schema
  private let outputs: [Output]

  init(_ spec: Project, over input: Schema) throws(Diagnostic) {
    schema = spec.schema(over: input)
    var outputs: [Output] = []
    var part = 0
    for column in spec.columns {
      if case .column(let index, _) = column.expression {
        guard input.fields.indices.contains(index) else {
          throw Diagnostic(.badPlan, "a projection reads column \(index) of \(input.count)")
        }
        outputs.append(.input(index))
      } else {
        outputs.append(.computed(try CompiledExpression(column.expression, inputs: input.types, firstPart: part)))
      }
      part += column.expression.size
    }
    self.outputs = outputs
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    var columns: [Column] = []
    columns.reserveCapacity(outputs.count)
    var first: RowError?
    for output in outputs {
      switch output {
      case .input(let index): columns.append(batch.columns[index])
      case .computed(let expression):
        do {
          columns.append(try expression.evaluate(batch.columns, rowCount: batch.rowCount))
        } catch {
          if first.map({ error.row < $0.row }) ?? true { first = error }
        }
      }
    }
    if let first { throw first }
    return Batch(schema: schema, columns: columns, rowCount: batch.rowCount)
  }
}
