// Binds `pivot`: an aggregation with an aggregate for each value, over the rows that have it.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `pivot AGG, … by COLUMN in [VALUE, …] per KEY, …`.
struct PivotBinding: TransformBinding {
  let verb = Verb.ID.pivot

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .pivot(let items, let by, let keys) = stage.operands else { return binder.refuse(stage) }
    guard case .inList(let column, let values, isNegated: false) = by.kind else {
      let text = by.printed
      binder.report(
        Diagnostic(
          .missingOperand, .user, "pivot has to know the values that get a column", span: by.span,
          suggestion: "name them: by \(text) in [VALUE, …]; unique \(text) lists those that are there"))
      return nil
    }
    return binder.bindPivot(items, by: column, in: values, per: keys, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindPivot(
    _ items: [BindingSyntax], by column: ExpressionSyntax, in values: [ExpressionSyntax], per keys: [BindingSyntax],
    over input: LogicalPlan
  ) -> LogicalPlan? {
    let before = diagnostics.count
    let expanded = expand(items, over: input.schema, without: keys.compactMap { $0.value.columnName })
    var aggregates: [(item: BindingSyntax, restriction: Expression?)] = []
    for value in values {
      // A value that is computed is compared as what it is.
      let condition = ExpressionSyntax(.binary(.equal, column, value), span: column.span)
      guard let constant = bindConstant(value), let restriction = bindOperand(condition, over: input.schema) else { continue }
      let text = CellText.string(constant) ?? "null"
      for item in expanded {
        let name = expanded.count == 1 ? text : "\(item.outputName)_\(text)"
        aggregates.append((BindingSyntax(name: Name(name, span: value.span), value: item.value), restriction))
      }
    }
    guard diagnostics.count == before else { return nil }
    return bindAggregation(aggregates, by: keys, over: input, since: before)
  }
}
