// Binds what `bar`, `hist` and `plot` show: keys, and behind them numbers.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// The keys and, last, the number that `bar` shows for them: an aggregate of each group, or a value of each row.
  public mutating func bindBars(_ items: [BindingSyntax], by keys: [BindingSyntax], over input: LogicalPlan, at span: SourceSpan)
    -> LogicalPlan?
  {
    guard let item = onlyItem(items, of: "bar", at: span) else { return nil }
    guard !keys.isEmpty else {
      report(
        Diagnostic(
          .missingOperand, .user, "bar needs by, and what names the bars", span: item.span,
          suggestion: "such as bar \(item.value.printed) by KEY"))
      return nil
    }
    let before = diagnostics.count
    let plan =
      isAggregate(item.value, over: input.schema) ? bindAggregation([item], by: keys, over: input) : bindRows([item], keys, over: input)
    guard diagnostics.count == before, let plan, let value = plan.schema.fields.last else { return nil }
    guard value.type.isNumeric else {
      report(Diagnostic(.wrongType, "bar compares numbers, and this is \(value.type.name)", span: item.value.span))
      return nil
    }
    if value.type == .int64 || value.type == .float64 { return plan }
    var columns = identity(plan.schema)
    let place = columns.count - 1
    columns[place].expression = .cast(columns[place].expression, to: value.type.computed == .int64 ? .int64 : .float64, isTry: false)
    return .project(plan, columns)
  }

  /// The keys and, last, the number that `hist` puts into bins, as float64; rows without a finite one are left out.
  public mutating func bindHistogram(
    _ items: [BindingSyntax], by keys: [BindingSyntax], over input: LogicalPlan, at span: SourceSpan
  ) -> (plan: LogicalPlan, isWhole: Bool)? {
    guard let item = onlyItem(items, of: "hist", at: span), let plan = bindRows([item], keys, over: input),
      let value = plan.schema.fields.last
    else {
      return nil
    }
    guard value.type.isNumeric else {
      report(
        Diagnostic(
          .wrongType, "hist takes a number, and this is \(value.type.name)", span: item.value.span,
          suggestion: "to count values: bar count() by \(item.value.printed)"))
      return nil
    }
    var columns = identity(plan.schema)
    let place = columns.count - 1
    if value.type != .float64 { columns[place].expression = .cast(columns[place].expression, to: .float64, isTry: false) }
    let largest = Expression.literal(.float64(.greatestFiniteMagnitude), .float64)
    let least = Expression.literal(.float64(-.greatestFiniteMagnitude), .float64)
    let isFinite = Expression.call("between", [.column(place, .float64), least, largest], .bool)
    return (.filter(.project(plan, columns), isFinite), value.type.computed == .int64)
  }

  private mutating func onlyItem(_ items: [BindingSyntax], of verb: String, at span: SourceSpan) -> BindingSyntax? {
    if items.count == 1 { return items[0] }
    report(Diagnostic(.wrongCount, "\(verb) shows one number", span: items.count > 1 ? items[1].span : span))
    return nil
  }

  /// Whether an expression has an aggregate in it.
  func isAggregate(_ syntax: ExpressionSyntax, over schema: Schema) -> Bool {
    var probe = self
    probe.diagnostics = []
    _ = probe.bind(syntax, over: schema)
    return probe.diagnostics.contains { $0.code == .misplacedAggregate }
  }

  /// The keys and values of each row.
  mutating func bindRows(
    _ items: [BindingSyntax], _ keys: [BindingSyntax], to purpose: String = "name bars by", over input: LogicalPlan
  ) -> LogicalPlan? {
    var columns: [NamedExpression] = []
    for binding in keys + items {
      guard let bound = bindKey(binding.value, span: binding.span, to: purpose, over: input.schema) else { continue }
      columns.append(NamedExpression(binding.outputName, bound))
    }
    checkUnique(columns.map(\.name), spans: (keys + items).map(\.span))
    guard columns.count == keys.count + items.count else { return nil }
    return .project(input, columns)
  }
}
