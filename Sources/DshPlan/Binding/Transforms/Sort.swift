// Binds `sort`: keys that are not plain columns are computed first.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `sort KEY desc, …`.
struct SortBinding: TransformBinding {
  let verb = Verb.ID.sort

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .sortKeys(let keys) = stage.operands else { return binder.refuse(stage) }
    return binder.bindSort(keys, over: input)
  }
}

extension Binder {
  /// Keys that are not plain columns become hidden columns, dropped again after the sort.
  mutating func bindSort(_ keys: [SortKeySyntax], over input: LogicalPlan) -> LogicalPlan {
    var columns = identity(input.schema)
    var sortColumns: [SortColumn] = []
    for key in keys {
      guard let bound = bindOperand(key.expression, over: input.schema) else { continue }
      switch bound.type {
      case .list, .structure:
        report(Diagnostic(.wrongType, "can't sort by \(bound.type.name)", span: key.span))
        continue
      default: break
      }
      if case .column(let index, _) = bound {
        sortColumns.append(SortColumn(index, descending: key.isDescending))
      } else {
        sortColumns.append(SortColumn(columns.count, descending: key.isDescending))
        columns.append(NamedExpression("sort key \(columns.count)", bound))
      }
    }
    if columns.count == input.schema.count { return .sort(input, sortColumns) }
    return .project(.sort(.project(input, columns), sortColumns), identity(input.schema))
  }
}
