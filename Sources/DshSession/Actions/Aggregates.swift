// `count`, `sum`, `mean`, `min`, `max`, `std`: one number of all rows.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan

extension Session {
  func count(_ context: ActionContext) throws {
    try finish(context, name: "count", AggregateCall("count", .count, nil))
  }

  func aggregate(_ context: ActionContext) throws {
    let (expression, text) = try context.expression()
    let verb = context.stage.verb.text
    guard let function = AggregateFunction.ofVerb(verb) else { preconditionFailure("an aggregate for each such verb: \(verb)") }
    try finish(
      context, name: "\(verb)(\(text))",
      AggregateCall(
        verb, function, expression, origin: ExpressionOrigin(SourcePlace(source: context.source, span: context.stage.span))))
  }

  /// Throws if an action is not defined for the type of its operand.
  func checkType(of expression: Expression, in stage: StageSyntax) throws(Diagnostic) {
    let verb = stage.verb.text
    let type = expression.type
    if let function = AggregateFunction.ofVerb(verb) {
      if function.resultType(over: type) != nil { return }
    } else {
      switch type {
      case .list, .structure: break
      default: return
      }
    }
    guard case .expression(let syntax) = stage.operands else { return }
    throw Diagnostic(
      "wrong-type", .user, "\(verb) is not defined for \(type.name)", span: stage.span,
      suggestion: type == .string ? "cast the text: \(verb) \(syntax.printed)::float64" : nil)
  }

  private func finish(_ context: ActionContext, name: String, _ call: AggregateCall) throws {
    let result = try context.run(.aggregates([call]))
    context.emit(.scalar(name: name, value: result.rows.row(0).first ?? .null))
    context.receipt(result.work, rows: 1, lines: ["\(blocksText(result.work)); \(movedText(result.work))"])
  }
}

extension AggregateFunction {
  /// The aggregate that an action computes over all rows.
  fileprivate static func ofVerb(_ verb: String) -> AggregateFunction? { allCases.first { $0.name == verb && $0 != .count } }
}
