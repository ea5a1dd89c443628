// Binds `tail`: the last rows.

import DshColumns
import DshLanguage

/// `tail N`.
struct TailBinding: TransformBinding {
  let verb = Verb.ID.tail

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .count(let count?) = stage.operands else { return binder.refuse(stage) }
    guard let rows = binder.bindCount(count) else { return input }
    return .operation(Operation(Tail(rows)), [input])
  }
}
