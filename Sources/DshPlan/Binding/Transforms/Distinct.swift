// Binds `distinct`: the columns that make rows equal, all of them where none is named.

import DshColumns
import DshLanguage

/// `distinct COLUMN, …`.
struct DistinctBinding: TransformBinding {
  let verb = Verb.ID.distinct

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .columns(let patterns) = stage.operands else { return binder.refuse(stage) }
    let named = Set(patterns.flatMap { binder.columnIndexes($0, in: input.schema) }).sorted()
    let keys = patterns.isEmpty ? Array(input.schema.fields.indices) : named
    // Rows without columns are all equal; a name that is unknown has been told.
    if keys.isEmpty { return patterns.isEmpty ? .limit(input, count: 1, offset: 0) : input }
    return .operation(Operation(Distinct(keys)), [input])
  }
}
