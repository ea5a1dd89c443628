// Binds `sample`: a share of the rows, or a number of them.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `sample FRACTION`, `sample --rows=N`.
struct SampleBinding: TransformBinding {
  let verb = Verb.ID.sample

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .numbers(let numbers) = stage.operands else { return binder.refuse(stage) }
    let rows = stage.option("rows")
    switch (numbers.first, rows?.value?.int) {
    case (let fraction?, nil):
      guard let share = binder.bindShare(fraction) else { return input }
      return .operation(Operation(Sample(from: 0, to: share, seed: stage.seed)), [input])
    case (nil, let count?): return binder.bindSample(Int(clamping: count), seed: stage.seed, over: input)
    case (let fraction?, _?):
      binder.report(
        Diagnostic(.wrongCount, "sample takes a share of the rows or --rows, not both", span: rows?.span ?? fraction.span))
      return input
    case (nil, nil):
      binder.report(
        Diagnostic(
          .missingOperand, .user, "sample needs a share of the rows, or --rows", span: stage.verb.span,
          suggestion: "such as sample 0.1 or sample --rows=100"))
      return input
    }
  }
}

extension Binder {
  /// A share of all rows: a number from 0 to 1.
  mutating func bindShare(_ syntax: ExpressionSyntax) -> Double? {
    guard let value = bindConstant(syntax) else { return nil }
    let share: Double? =
      switch value {
      case .int64(let number): Double(number)
      case .float64(let number): number
      default: nil
      }
    if let share, 0...1 ~= share { return share }
    report(
      Diagnostic(
        .invalidCount, .user, "a share of the rows is a number from 0 to 1", span: syntax.span,
        suggestion: share.map { $0 > 1 ? "so many rows: sample --rows=\(syntax.printed)" : "such as 0.1" } ?? "such as 0.1"))
    return nil
  }

  /// Exactly so many rows: those with the least random keys, in the order of the dataset.
  fileprivate func bindSample(_ count: Int, seed: Int64, over input: LogicalPlan) -> LogicalPlan {
    let columns = input.schema.count
    let numbered = LogicalPlan.operation(
      Operation(RowNumber("row number", from: 0)), [.operation(Operation(RandomKey("random key", seed: seed)), [input])])
    let chosen = LogicalPlan.limit(.sort(numbered, [SortColumn(columns, descending: false)]), count: count, offset: 0)
    return .project(.sort(chosen, [SortColumn(columns + 1, descending: false)]), identity(input.schema))
  }
}

extension StageSyntax {
  /// What its choices by chance start from.
  var seed: Int64 { option("seed")?.value?.int ?? 0 }
}
