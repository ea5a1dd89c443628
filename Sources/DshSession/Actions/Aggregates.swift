// `count`, `sum`, `mean`, `min`, `max`, `std`: one number of all rows.

import DshColumns
import DshDiagnostics
import DshPlan

extension Session {
  func count(_ context: ActionContext) throws {
    try finish(context, name: "count", AggregateCall("count", .count, nil))
  }

  func aggregate(_ context: ActionContext) throws {
    let (expression, text) = try context.expression()
    let verb = context.stage.verb.text
    guard let function = AggregateFunction.allCases.first(where: { $0.name == verb }), function.resultType(over: expression.type) != nil
    else {
      throw Diagnostic(
        "wrong-type", .user, "\(verb) is not defined for \(expression.type.name)", span: context.stage.span,
        suggestion: expression.type == .string ? "cast the text: \(verb) \(text)::float64" : nil)
    }
    try finish(context, name: "\(verb)(\(text))", AggregateCall(verb, function, expression))
  }

  private func finish(_ context: ActionContext, name: String, _ call: AggregateCall) throws {
    let result = try backend.aggregate(context.plan, [call])
    context.emit(.scalar(name: name, value: result.values.first ?? .null))
    context.receipt(result.run, rows: 1, lines: ["\(blocksText(result.run)); \(movedText(result.run))"])
  }
}
