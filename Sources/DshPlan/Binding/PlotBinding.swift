// Binds what `plot` shows: for each point what it lies over, the series that it belongs to, and its number.

import DshColumns
import DshDiagnostics
import DshLanguage

/// The points of a plot.
public struct PlottedRows {
  /// Three columns: what a point lies over, the name of its series, and its number as float64, null where it has none.
  public let plan: LogicalPlan
  public let xName: String
  public let yName: String
  public let line: NumberLine
  /// Whether points belong to several series.
  public let hasSeries: Bool
  /// The names of the series in their order, where they are known.
  public let seriesNames: [String]

  /// More series than this can't be told apart.
  public static let seriesLimit = 8
}

extension Binder {
  /// The points of `plot NUMBER, … by X per KEY, …`: an aggregate of each group, or a value of each row.
  public mutating func bindPlot(
    _ items: [BindingSyntax], by x: ExpressionSyntax, per keys: [BindingSyntax], over input: LogicalPlan
  ) -> PlottedRows? {
    let before = diagnostics.count
    let along = BindingSyntax(name: nil, value: x)
    let numbers = expand(items, over: input.schema, without: ([along] + keys).compactMap { $0.value.columnName })
    guard diagnostics.count == before, checkNumbers(numbers, over: input.schema) else { return nil }
    let plan: LogicalPlan? =
      isAggregate(numbers[0].value, over: input.schema)
      ? bindAggregation(numbers, by: keys + [along], over: input) : bindRows(numbers, keys + [along], to: "plot by", over: input)
    guard diagnostics.count == before, let plan else { return nil }
    guard let line = NumberLine(plan.schema[keys.count].type) else {
      reportNoLine(plan.schema[keys.count].type, x, numbers[0])
      return nil
    }
    for (number, field) in zip(numbers, plan.schema.fields.dropFirst(keys.count + 1)) where !field.type.isNumeric {
      report(
        Diagnostic(
          .wrongType, "plot shows numbers, and this is \(field.type.name)", span: number.value.span,
          suggestion: field.type == .string ? "cast the text: \(number.value.printed)::float64" : nil))
    }
    guard diagnostics.count == before else { return nil }
    return PlottedRows(
      plan: points(of: plan, keyCount: keys.count), xName: along.outputName,
      yName: numbers.count == 1 ? numbers[0].outputName : "value", line: line, hasSeries: numbers.count > 1 || !keys.isEmpty,
      seriesNames: keys.isEmpty && numbers.count > 1 ? numbers.map(\.outputName) : [])
  }

  private mutating func checkNumbers(_ numbers: [BindingSyntax], over schema: Schema) -> Bool {
    guard let first = numbers.first else { return false }
    if numbers.count > PlottedRows.seriesLimit {
      report(
        Diagnostic(
          .wrongCount, "plot shows at most \(PlottedRows.seriesLimit) numbers over one another",
          span: numbers[PlottedRows.seriesLimit].span))
      return false
    }
    guard let other = numbers.first(where: { isAggregate($0.value, over: schema) != isAggregate(first.value, over: schema) }) else {
      return true
    }
    report(
      Diagnostic(.missingAggregate, "either all numbers are aggregates, of the rows with the same place, or none is", span: other.span))
    return false
  }

  private mutating func reportNoLine(_ type: DataType, _ x: ExpressionSyntax, _ number: BindingSyntax) {
    report(
      Diagnostic(
        .wrongType, "plot needs a number, a date or a timestamp behind by, and this is \(type.name)", span: x.span,
        suggestion: type == .string || type == .bool ? "bar \(number.value.printed) by \(x.printed) compares them" : nil))
  }

  /// The keys, what points lie over, and numbers as the columns of `PlottedRows`.
  private func points(of plan: LogicalPlan, keyCount: Int) -> LogicalPlan {
    let fields = plan.schema.fields
    let x = NamedExpression("x", .column(keyCount, fields[keyCount].type))
    let keys = (0..<keyCount).map { index -> Expression in
      let key = Expression.column(index, fields[index].type)
      let text = key.type == .string ? key : Expression.cast(key, to: .string, isTry: true)
      return .call("??", [text, .literal(.string("null"), .string)], .string)
    }
    func joined(_ parts: [Expression]) -> Expression {
      parts.dropFirst().reduce(parts.first ?? .literal(.string(""), .string)) { text, part in
        .call("++", [.call("++", [text, .literal(.string(", "), .string)], .string), part], .string)
      }
    }
    let numbers = fields.indices.dropFirst(keyCount + 1).map { index -> NamedExpression in
      let number = Expression.column(index, fields[index].type)
      return NamedExpression(fields[index].name, number.type == .float64 ? number : .cast(number, to: .float64, isTry: false))
    }
    let wide = LogicalPlan.project(plan, [x, NamedExpression("series", joined(keys))] + numbers)
    if numbers.count == 1 { return wide }
    let long = LogicalPlan.operation(Operation(Unpivot(Array(2..<2 + numbers.count), name: "name", value: "y")), [wide])
    let name = Expression.column(2, .string)
    let series = keyCount == 0 ? name : joined([.column(1, .string), name])
    return .project(
      long,
      [
        NamedExpression("x", .column(0, x.expression.type)), NamedExpression("series", series),
        NamedExpression("y", .column(3, .float64)),
      ])
  }
}
