// `sum`, `mean`, `min`, `max`, `std`: one number of all rows.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan

/// An action that computes one aggregate over all rows.
struct AggregateAction: Action {
  let verb: Verb.ID
  let function: AggregateFunction
  let givesValue = true

  init(verb: Verb.ID, _ function: AggregateFunction) {
    self.verb = verb
    self.function = function
  }

  func check(_ operand: Expression, in stage: StageSyntax) throws(Diagnostic) {
    if function.resultType(over: operand.type) == nil { throw stage.isNotDefined(for: operand.type) }
  }

  func perform(_ context: ActionContext) throws {
    let (expression, text) = try context.expression()
    let origin = ExpressionOrigin(SourcePlace(source: context.source, span: context.stage.span))
    try context.emitAggregate(
      AggregateCall(verb.name, function, expression, origin: origin), named: "\(verb.name)(\(text))")
  }
}

extension ActionContext {
  /// Computes an aggregate over all rows and emits its value.
  func emitAggregate(_ call: AggregateCall, named name: String) throws {
    let result = try backend.aggregate(plan, [call])
    emit(.scalar(name: name, value: result.values.first ?? .null))
    receipt(result.run, rows: 1, lines: ["\(blocksText(result.run)); \(movedText(result.run))"])
  }
}

extension StageSyntax {
  /// The error of an action over values of a type that it can do nothing with.
  func isNotDefined(for type: DataType) -> Diagnostic {
    Diagnostic(
      .wrongType, "\(verb.text) is not defined for \(type.name)", span: span,
      suggestion: type == .string ? "cast the text: \(verb.text) \(operands.printed)::float64" : nil)
  }
}
