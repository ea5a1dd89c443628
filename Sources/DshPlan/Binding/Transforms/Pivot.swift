// Binds `pivot`: an aggregation with an aggregate for each value, over the rows that have it.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `pivot AGG, … by COLUMN in [VALUE, …] per KEY, …`.
struct PivotBinding: TransformBinding {
  let verb = Verb.ID.pivot

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .pivot(let items, let by, let keys) = stage.operands else { return binder.refuse(stage) }
    guard case .inList(let column, let values, isNegated: false) = by.kind else {
      let text = by.printed
      binder.report(
        Diagnostic(
          .missingOperand, .user, "pivot has to know the values that get a column", span: by.span,
          suggestion: "name them: by \(text) in [VALUE, …]; unique \(text) lists those that are there"))
      return nil
    }
    return binder.bindPivot(items, by: column, in: values, per: keys, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindPivot(
    _ items: [BindingSyntax], by column: ExpressionSyntax, in values: [ExpressionSyntax], per keys: [BindingSyntax],
    over input: LogicalPlan
  ) -> LogicalPlan? {
    let before = diagnostics.count
    var aggregates: [BindingSyntax] = []
    for value in values {
      guard let constant = bindConstant(value) else { continue }
      let text = CellText.string(constant) ?? "null"
      // A value that is computed is compared as what it is.
      let condition = ExpressionSyntax(.binary(.equal, column, value), span: column.span)
      for item in items {
        let name = items.count == 1 ? text : "\(item.outputName)_\(text)"
        aggregates.append(
          BindingSyntax(name: Name(name, span: value.span), value: aggregating(item.value, where: condition)))
      }
    }
    guard diagnostics.count == before else { return nil }
    return bindAggregation(aggregates, by: keys, over: input)
  }

  /// The same expression, whose aggregates see only the rows where a condition is true: the others have null, which aggregates skip.
  private func aggregating(_ syntax: ExpressionSyntax, where condition: ExpressionSyntax) -> ExpressionSyntax {
    func chosen(_ value: ExpressionSyntax) -> ExpressionSyntax {
      let null = ExpressionSyntax(.literal(.null), span: value.span)
      return ExpressionSyntax(.call(Name("if", span: value.span), [condition, value, null]), span: value.span)
    }
    switch syntax.kind {
    case .call(let name, let arguments):
      guard let aggregate = functions.aggregates.signature(of: name.text), aggregate.operandCounts.contains(arguments.count) else {
        return ExpressionSyntax(.call(name, arguments.map { aggregating($0, where: condition) }), span: syntax.span)
      }
      // Counted are the rows themselves.
      let operands = arguments.isEmpty ? [ExpressionSyntax(.literal(.bool(true)), span: syntax.span)] : arguments
      let rowCount = operands.count - aggregate.constantCount
      return ExpressionSyntax(.call(name, operands.prefix(rowCount).map(chosen) + operands.dropFirst(rowCount)), span: syntax.span)
    case .unary(let operation, let operand):
      return ExpressionSyntax(.unary(operation, aggregating(operand, where: condition)), span: syntax.span)
    case .binary(let operation, let left, let right):
      return ExpressionSyntax(
        .binary(operation, aggregating(left, where: condition), aggregating(right, where: condition)), span: syntax.span)
    case .cast(let operand, let type):
      return ExpressionSyntax(.cast(aggregating(operand, where: condition), type: type), span: syntax.span)
    default: return syntax
    }
  }
}
