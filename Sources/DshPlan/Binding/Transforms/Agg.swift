// Binds `agg`; the aggregates themselves are bound in AggregateBinding.swift.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `agg A = sum(x), … by KEY, …`.
struct AggBinding: TransformBinding {
  let verb = Verb.ID.agg

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .aggregation(let items, let keys) = stage.operands else { return binder.refuse(stage) }
    return binder.bindAggregation(items, by: keys, over: input)
  }
}
