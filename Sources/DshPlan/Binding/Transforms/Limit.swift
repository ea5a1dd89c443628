// Binds `limit`: the first rows, or those behind an offset.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `limit N`.
struct LimitBinding: TransformBinding {
  let verb = Verb.ID.limit

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .count(let count) = stage.operands else { return binder.refuse(stage) }
    return binder.bindLimit(count, stage, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindLimit(_ count: ExpressionSyntax?, _ stage: StageSyntax, over input: LogicalPlan) -> LogicalPlan {
    guard let count, let rows = bindCount(count) else { return input }
    var offset = 0
    if let option = stage.option("offset") {
      guard let value = option.value?.int, value >= 0 else {
        report(Diagnostic(.invalidOptionValue, .user, "--offset takes a whole number from 0", span: option.span))
        return input
      }
      offset = Int(value)
    }
    return .limit(input, count: rows, offset: offset)
  }
}
