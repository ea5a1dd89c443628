// `count`, `sum`, `mean`, `min`, `max`, `std`: one number of all rows.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

extension Session {
  func count(_ context: ActionContext) throws { try finish(context, name: "count", over: []) }

  func aggregate(_ context: ActionContext) throws {
    let (expression, text) = try context.expression()
    try finish(context, name: "\(context.stage.verb.text)(\(text))", over: [expression])
  }

  /// Throws if an action is not defined for the type of its operand.
  func checkType(of expression: Expression, in stage: StageSyntax) throws(Diagnostic) {
    let verb = stage.verb.text
    let type = expression.type
    if let aggregate = AggregateRegistry().signature(of: verb) {
      if aggregate.call(verb, [expression]) != nil { return }
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

  /// Computes the aggregate that the action is called like.
  private func finish(_ context: ActionContext, name: String, over arguments: [Expression]) throws {
    let verb = context.stage.verb.text
    let origin = ExpressionOrigin(SourcePlace(source: context.source, span: context.stage.span))
    guard let call = AggregateRegistry().signature(of: verb)?.call(verb, arguments, origin: origin) else {
      preconditionFailure("an aggregate for each such verb, over operands that were checked: \(verb)")
    }
    let result = try context.run(.aggregates([call]))
    context.emit(.scalar(name: name, value: result.rows.row(0).first ?? .null))
    context.receipt(result.work, rows: 1, lines: ["\(blocksText(result.work)); \(movedText(result.work))"])
  }
}
