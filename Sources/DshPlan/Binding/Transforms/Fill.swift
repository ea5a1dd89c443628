// Binds `fill`: values in the place of nulls, or the last ones above them.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `fill NAME = VALUE, …`, `fill --forward NAME, … by KEY, …`.
struct FillBinding: TransformBinding {
  let verb = Verb.ID.fill

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .aggregation(let items, let keys) = stage.operands else { return binder.refuse(stage) }
    return stage.option("forward")?.bool == true
      ? binder.bindFillForward(items, by: keys, over: input) : binder.bindFill(items, by: keys, over: input)
  }
}

extension Binder {
  /// Every value sees the columns as they were.
  fileprivate mutating func bindFill(_ items: [BindingSyntax], by keys: [BindingSyntax], over input: LogicalPlan) -> LogicalPlan {
    if let key = keys.first {
      report(Diagnostic(.unexpectedText, .user, "only fill --forward goes by keys", span: key.span))
    }
    var columns = identity(input.schema)
    for item in items {
      guard let name = item.name else {
        report(
          Diagnostic(
            .missingOperand, .user, "the value for nulls is missing", span: item.span,
            suggestion: "write fill \(item.value.printed) = VALUE, or fill --forward \(item.value.printed)"))
        continue
      }
      guard let index = input.schema.index(of: name.text) else {
        reportUnknownColumn(name.text, span: name.span, schema: input.schema)
        continue
      }
      let column = ExpressionSyntax(.column(name.text), span: name.span)
      guard let filled = bind(ExpressionSyntax(.binary(.coalesce, column, item.value), span: item.span), over: input.schema) else {
        brokenColumns.insert(name.text)
        continue
      }
      columns[index].expression = filled
    }
    let given = items.compactMap(\.name)
    for (position, name) in given.enumerated() where given[..<position].contains(where: { $0.text.isExactly(name.text) }) {
      report(Diagnostic(.duplicateColumn, "the column \"\(name.text)\" is filled twice", span: name.span))
    }
    return .project(input, columns)
  }

  /// Where there are keys, rows with the same ones are brought together, filled, and put back in order.
  fileprivate mutating func bindFillForward(_ items: [BindingSyntax], by keys: [BindingSyntax], over input: LogicalPlan) -> LogicalPlan {
    var filled: [Int] = []
    for item in items {
      guard item.name == nil, case .column(let name) = item.value.kind else {
        report(
          Diagnostic(
            .expectedColumn, .user, "fill --forward takes columns, and no values", span: item.span,
            suggestion: item.name.map { "write fill --forward \($0.text)" }))
        continue
      }
      if let index = input.schema.index(of: name) {
        filled.append(index)
      } else {
        reportUnknownColumn(name, span: item.span, schema: input.schema)
      }
    }
    filled = Set(filled).sorted()
    if keys.isEmpty { return .operation(Operation(FillForward(filled, keys: [])), [input]) }
    var columns = identity(input.schema)
    var keyColumns: [Int] = []
    for key in keys {
      guard let bound = bindOperand(key.value, over: input.schema) else { continue }
      switch bound.type {
      case .list, .structure: report(Diagnostic(.wrongType, "can't fill by \(bound.type.name)", span: key.span))
      default: break
      }
      if case .column(let index, _) = bound, !filled.contains(index) {
        keyColumns.append(index)
      } else {
        keyColumns.append(columns.count)
        columns.append(NamedExpression("fill key \(columns.count)", bound))
      }
    }
    let numbered = LogicalPlan.operation(Operation(RowNumber("row number", from: 0)), [.project(input, columns)])
    let together = LogicalPlan.sort(numbered, keyColumns.map { SortColumn($0, descending: false) })
    let done = LogicalPlan.operation(Operation(FillForward(filled, keys: keyColumns)), [together])
    return .project(.sort(done, [SortColumn(columns.count, descending: false)]), identity(input.schema))
  }
}
