// Binds `filter`: the condition is a bool.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `filter CONDITION`.
struct FilterBinding: TransformBinding {
  let verb = Verb.ID.filter

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .expression(let condition) = stage.operands else { return binder.refuse(stage) }
    return binder.bindFilter(condition, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindFilter(_ condition: ExpressionSyntax, over input: LogicalPlan) -> LogicalPlan {
    guard let bound = bindOperand(condition, over: input.schema) else { return input }
    guard bound.type == .bool || bound.type == .null else {
      report(
        Diagnostic(
          .wrongType, "filter needs a condition (bool), this is \(bound.type.name)", span: condition.span,
          suggestion: ["int64", "float64"].contains(bound.type.name) ? "compare it, such as \(condition.printed) > 0" : nil))
      return input
    }
    return .filter(input, bound)
  }
}
