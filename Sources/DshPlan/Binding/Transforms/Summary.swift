// Binds `summary`: the aggregates of all columns in one pass, and a row of them for each column.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `summary`.
struct SummaryBinding: TransformBinding {
  let verb = Verb.ID.summary

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    binder.bindSummary(of: input)
  }
}

extension Binder {
  /// A row of statistics for each column of an input.
  public func bindSummary(of input: LogicalPlan) -> LogicalPlan {
    var summary = Summary(functions.aggregates)
    let rows = input.schema.fields.enumerated().map { summary.row($1, at: $0) }
    let fields = Summary.fields
    guard !rows.isEmpty else { return .rows(Schema(fields), []) }
    let row = DataType.structure(fields)
    let structures = rows.map { values in
      Expression.call("struct", zip(fields, values).flatMap { [.text($0.name), $1] }, row)
    }
    let all = LogicalPlan.project(
      .aggregate(input, Aggregation(keys: [], aggregates: summary.calls)),
      [NamedExpression("column", .call("list", structures, .list(row)))])
    let apart = LogicalPlan.operation(Operation(Elements(NamedExpression("column", .column(0, .list(row))))), [all])
    return .project(
      apart, fields.map { NamedExpression($0.name, .call("field", [.column(0, row), .text($0.name)], $0.type)) })
  }
}

/// The aggregates that make up a summary, each column of which has one type for all columns that are summed up.
private struct Summary {
  private let catalog: any AggregateCatalog
  private(set) var calls: [AggregateCall] = []

  /// What is said of each column. Values of the column are texts, as they have different types in different rows.
  static let fields = [
    Field("column", .string), Field("type", .string), Field("nulls", .int64), Field("distinct", .int64), Field("exact", .bool),
    Field("least", .string), Field("q25", .string), Field("median", .string), Field("mean", .float64), Field("q75", .string),
    Field("greatest", .string), Field("most_frequent", .string), Field("frequency", .int64),
  ]

  init(_ catalog: any AggregateCatalog) { self.catalog = catalog }

  /// The values of `fields` for a column, over the results of `calls`.
  mutating func row(_ field: Field, at index: Int) -> [Expression] {
    let column = Expression.column(index, field.type)
    let kinds = result("distinct_summary", [column])
    func kind(_ name: String, _ type: DataType) -> Expression? {
      kinds.map { .call("field", [$0, .text(name)], type) }
    }
    let line = NumberLine(field.type)
    let quartiles = [0.25, 0.5, 0.75].map { share in
      line.flatMap { line in
        result("quantile", [line.number(of: column)], constants: [.float64(share)]).map { text(line.value(of: $0)) }
      }
    }
    let mean = field.type.isNumeric ? result("mean", [column]) : nil
    let values = [
      .text(field.name), .text(field.type.name), result("count_nulls", [column]), kind("distinct", .int64), kind("is_exact", .bool),
      result("min", [column]).map(text), quartiles[0], quartiles[1], mean, quartiles[2], result("max", [column]).map(text),
      kind("most_frequent", field.type.computed).map(text), kind("frequency", .int64),
    ]
    return zip(Self.fields, values).map { $1 ?? .literal(.null, $0.type) }
  }

  /// The result of an aggregate; nil if it is not defined for its arguments.
  private mutating func result(_ name: String, _ arguments: [Expression], constants: [Value] = []) -> Expression? {
    guard let call = catalog.signature(of: name)?.call("aggregate \(calls.count)", arguments, constants: constants) else { return nil }
    calls.append(call)
    return .column(calls.count - 1, call.type)
  }

  /// A value as a text; null where it has none.
  private func text(_ value: Expression) -> Expression {
    value.type == .string ? value : .cast(value, to: .string, isTry: true)
  }
}

extension Expression {
  fileprivate static func text(_ text: String) -> Expression { .literal(.string(text), .string) }
}
