// `sum`, `mean`, `min`, `max`, `std`: one number of all rows.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan
import DshBackend
import DshRender

/// An action that computes one aggregate over all rows.
struct AggregateAction: Action {
  let verb: Verb.ID
  let givesValue = true

  func check(_ operand: Expression, in stage: StageSyntax) throws(Diagnostic) {
    if call([operand], ExpressionOrigin()) == nil { throw stage.isNotDefined(for: operand.type) }
  }

  func perform(_ context: ActionContext) throws {
    // A column may have become wider since the operand was checked.
    let (expression, text) = try context.expression()
    let origin = ExpressionOrigin(SourcePlace(source: context.source, span: context.stage.span))
    guard let call = call([expression], origin) else { throw context.stage.isNotDefined(for: expression.type) }
    try context.emitAggregate(call, named: "\(verb.name)(\(text))")
  }

  /// The aggregate that the verb is called like, over its operand.
  private func call(_ arguments: [Expression], _ origin: ExpressionOrigin) -> AggregateCall? {
    AggregateRegistry().signature(of: verb.name)?.call(verb.name, arguments, origin: origin)
  }
}

extension ActionContext {
  /// Computes an aggregate over all rows and emits its value.
  func emitAggregate(_ call: AggregateCall, named name: String) throws {
    let result = try run(.aggregates([call]))
    emit(.scalar(name: name, value: result.rows.row(0).first ?? .null))
    receipt(result.work, rows: 1, lines: ["\(blocksText(result.work)); \(movedText(result.work))"])
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
