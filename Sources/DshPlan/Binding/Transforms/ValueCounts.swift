// Binds `value_counts`: groups that are counted, the largest first.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `value_counts KEY, …`.
struct ValueCountsBinding: TransformBinding {
  let verb = Verb.ID.valueCounts

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .bindings(let keys) = stage.operands else { return binder.refuse(stage) }
    let span = stage.verb.span
    let count = BindingSyntax(name: Name("n", span: span), value: ExpressionSyntax(.call(Name("count", span: span), []), span: span))
    let counted = binder.bindAggregation([count], by: keys, over: input)
    // Of equal counts the order of the groups stays, which is that of their keys.
    guard let column = counted.schema.index(of: "n") else { return counted }
    return .sort(counted, [SortColumn(column, descending: true)])
  }
}
