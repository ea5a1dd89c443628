// Binds `top`: a sort that a limit cuts, which is planned as one; or the same within groups.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `top N by KEY asc, … per KEY, …`.
struct TopBinding: TransformBinding {
  let verb = Verb.ID.top

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .top(let count, let order, let keys) = stage.operands else { return binder.refuse(stage) }
    guard let rows = binder.bindCount(count) else { return input }
    if keys.isEmpty { return .limit(binder.bindSort(order, over: input), count: rows, offset: 0) }
    return binder.bindTop(rows, by: order, per: keys, over: input)
  }
}

extension Binder {
  /// Keys and orders that are no plain columns become hidden columns.
  fileprivate mutating func bindTop(
    _ count: Int, by order: [SortKeySyntax], per keys: [BindingSyntax], over input: LogicalPlan
  ) -> LogicalPlan {
    let before = diagnostics.count
    var columns = identity(input.schema)
    func column(_ expression: Expression) -> Int {
      if case .column(let index, _) = expression { return index }
      columns.append(NamedExpression("top key \(columns.count)", expression))
      return columns.count - 1
    }
    var groups: [Int] = []
    for key in keys {
      guard let bound = bindKey(key.value, span: key.span, to: "group by", over: input.schema) else { continue }
      groups.append(column(bound))
    }
    var orders: [SortColumn] = []
    for key in order {
      guard let bound = bindKey(key.expression, span: key.span, to: "sort by", over: input.schema) else { continue }
      orders.append(SortColumn(column(bound), descending: key.isDescending))
    }
    guard diagnostics.count == before, !groups.isEmpty else { return input }
    let step = Operation(TopPerKey(count, by: orders, per: groups))
    if columns.count == input.schema.count { return .operation(step, [input]) }
    return .project(.operation(step, [.project(input, columns)]), identity(input.schema))
  }

  /// An expression that rows are compared by.
  mutating func bindKey(_ syntax: ExpressionSyntax, span: SourceSpan, to purpose: String, over schema: Schema) -> Expression? {
    guard let bound = bindOperand(syntax, over: schema) else { return nil }
    switch bound.type {
    case .list, .structure:
      report(Diagnostic(.wrongType, "can't \(purpose) \(bound.type.name)", span: span))
      return nil
    default: return bound
    }
  }
}
