// Binds `pivot`: an aggregation with an aggregate for each value, over the rows that have it.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `pivot AGG, … by COLUMN in [VALUE, …] per KEY, …`; without values, those that are there.
struct PivotBinding: TransformBinding {
  let verb = Verb.ID.pivot

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .pivot(let items, let by, let keys) = stage.operands else { return binder.refuse(stage) }
    let before = binder.diagnostics.count
    let columns: [PivotColumn]? =
      if case .inList(let column, let values, isNegated: false) = by.kind {
        binder.columns(of: column, in: values, over: input.schema)
      } else {
        binder.columns(of: by, over: input)
      }
    guard let columns else { return nil }
    return binder.bindPivot(items, columns, per: keys, over: input, since: before)
  }
}

/// A value that gets a column: what its rows have in common, and where it is said.
private struct PivotColumn {
  let value: Value
  let condition: Expression
  let span: SourceSpan

  var text: String { CellText.string(value) ?? "null" }
}

extension Binder {
  /// More columns than this are a table that nobody reads.
  private static let mostFoundValues = 1_000

  /// The columns of values that are named.
  fileprivate mutating func columns(of column: ExpressionSyntax, in values: [ExpressionSyntax], over schema: Schema) -> [PivotColumn] {
    if let list = scalarList(values) {
      guard let bound = bindKey(column, span: column.span, to: "make columns of", over: schema) else { return [] }
      return list.compactMap { value in
        guard !value.isNull else { return PivotColumn(value: value, condition: bound.equals(value), span: values[0].span) }
        let operands = [bound, .literal(value, value.type)]
        return compare("==", operands, [column, values[0]], span: column.span, in: Scope(schema)).map {
          PivotColumn(value: value, condition: $0, span: values[0].span)
        }
      }
    }
    return values.compactMap { value in
      // A value that is computed is compared as what it is.
      let condition = ExpressionSyntax(.binary(.equal, column, value), span: column.span)
      guard let constant = bindConstant(value), let restriction = bindOperand(condition, over: schema) else { return nil }
      return PivotColumn(value: constant, condition: restriction, span: value.span)
    }
  }

  /// The columns of the values that an expression has; nil if they are not known, or too many.
  fileprivate mutating func columns(of syntax: ExpressionSyntax, over input: LogicalPlan) -> [PivotColumn]? {
    guard let bound = bindKey(syntax, span: syntax.span, to: "make columns of", over: input.schema) else { return nil }
    let limit = Self.mostFoundValues + 1
    let groups = Aggregation(keys: [NamedExpression("value", bound)], aggregates: [])
    let plan = LogicalPlan.limit(.aggregate(input, groups), count: limit, offset: 0)
    guard let values = foundValues[plan] else {
      wantedValues = WantedValues(plan: plan, limit: limit, name: syntax.printed, span: syntax.span)
      return nil
    }
    if values.count == limit {
      report(
        Diagnostic(
          .wrongCount, "pivot makes at most \(groupedText(Self.mostFoundValues)) columns, and \(syntax.printed) has more values",
          span: syntax.span, suggestion: "name those that you want: by \(syntax.printed) in [VALUE, …]"))
      return nil
    }
    return values.map { PivotColumn(value: $0, condition: bound.equals($0), span: syntax.span) }
  }

  fileprivate mutating func bindPivot(
    _ items: [BindingSyntax], _ columns: [PivotColumn], per keys: [BindingSyntax], over input: LogicalPlan, since before: Int
  ) -> LogicalPlan? {
    let expanded = expand(items, over: input.schema, without: keys.compactMap { $0.value.columnName })
    guard diagnostics.count == before else { return nil }
    let isNamed = expanded.count > 1 || expanded.contains { $0.name != nil }
    let aggregates = columns.flatMap { column in
      expanded.map { item in
        let name = isNamed ? "\(item.outputName)_\(column.text)" : column.text
        return (item: BindingSyntax(name: Name(name, span: column.span), value: item.value), restriction: Optional(column.condition))
      }
    }
    // Where no value was found there are no rows.
    if aggregates.isEmpty, keys.isEmpty { return .rows(Schema([]), []) }
    return bindAggregation(aggregates, by: keys, over: input, since: before)
  }
}
