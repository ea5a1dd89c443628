// Binds `drop`: all columns but some.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `drop COLUMN, …`.
struct DropBinding: TransformBinding {
  let verb = Verb.ID.drop

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .columns(let patterns) = stage.operands else { return binder.refuse(stage) }
    return binder.bindDrop(patterns, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindDrop(_ patterns: [ColumnPattern], over input: LogicalPlan) -> LogicalPlan {
    let dropped = Set(patterns.flatMap { columnIndexes($0, in: input.schema) })
    return .project(input, identity(input.schema).enumerated().filter { !dropped.contains($0.offset) }.map(\.element))
  }
}
