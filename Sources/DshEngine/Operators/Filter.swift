// The rows for which a condition is true.

import DshColumns
import DshDiagnostics
import DshPlan

public struct Filter: StepSpec {
  public static let name = "filter"

  public let predicate: Expression

  public init(_ predicate: Expression) { self.predicate = predicate }

  public var title: String { "filter" }
  public var verb: String? { "filter" }
  public var expressions: [Expression] { [predicate] }
  public var keepsRowCount: Bool { false }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    try FilterStep(predicate, over: input)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(predicate) }

  public init(from reader: inout ByteReader) throws { predicate = try reader.readExpression() }
}

private final class FilterStep: BatchStep {
  private let condition: CompiledExpression

  init(_ predicate: Expression, over input: Schema) throws(Diagnostic) {
    condition = try CompiledExpression(predicate, inputs: input.types)
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    batch.filter(try condition.evaluateSelection(batch.columns, rowCount: batch.rowCount))
  }
}
