// Binds `top`: a sort that a limit cuts, which is planned as one.

import DshColumns
import DshLanguage

/// `top N by KEY asc, …`.
struct TopBinding: TransformBinding {
  let verb = Verb.ID.top

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .top(let count, let keys) = stage.operands else { return binder.refuse(stage) }
    guard let rows = binder.bindCount(count) else { return input }
    return .limit(binder.bindSort(keys, over: input), count: rows, offset: 0)
  }
}
