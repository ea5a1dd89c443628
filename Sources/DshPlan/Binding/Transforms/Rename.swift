// Binds `rename`: columns under other names.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `rename NEW = OLD, …`.
struct RenameBinding: TransformBinding {
  let verb = Verb.ID.rename

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .renames(let renames) = stage.operands else { return binder.refuse(stage) }
    return binder.bindRename(renames, over: input)
  }
}

extension Binder {
  fileprivate mutating func bindRename(_ renames: [RenameSyntax], over input: LogicalPlan) -> LogicalPlan {
    var columns = identity(input.schema)
    for rename in renames {
      guard let index = input.schema.index(of: rename.old.text) else {
        reportUnknownColumn(rename.old.text, span: rename.old.span, schema: input.schema)
        brokenColumns.insert(rename.new.text)
        continue
      }
      columns[index].name = rename.new.text
    }
    var seen: Set<ExactText> = []
    for column in columns where !seen.insert(ExactText(column.name)).inserted {
      let rename = renames.last { $0.new.text.isExactly(column.name) } ?? renames[0]
      report(Diagnostic(.duplicateColumn, "two columns would be called \"\(column.name)\"", span: rename.span))
    }
    return .project(input, columns)
  }
}
