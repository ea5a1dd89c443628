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
    try open(over: input, keeping: nil)
  }

  /// The step where only some columns of its rows are looked at; the others hold anything. Nil for all.
  func open(over input: Schema, keeping kept: [Int]?) throws -> any BatchStep { try FilterStep(predicate, over: input, keeping: kept) }

  public func encode(to writer: inout ByteWriter) { writer.write(predicate) }

  public init(from reader: inout ByteReader) throws { predicate = try reader.readExpression() }
}

private final class FilterStep: BatchStep {
  private let condition: CompiledExpression
  private let kept: [Int]?

  init(_ predicate: Expression, over input: Schema, keeping kept: [Int]?) throws(Diagnostic) {
    self.kept = kept
    condition = try CompiledExpression(predicate, inputs: input.types)
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    batch.filter(try condition.evaluateSelection(batch.columns, rowCount: batch.rowCount), keeping: kept)
  }
}
