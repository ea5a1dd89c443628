// Binds `with_row_number`: the name of the column and the number that is counted from.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `with_row_number NAME`.
struct WithRowNumberBinding: TransformBinding {
  let verb = Verb.ID.withRowNumber

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .newColumn(let name) = stage.operands else { return binder.refuse(stage) }
    if input.schema.index(of: name.text) != nil {
      binder.report(
        Diagnostic(
          .duplicateColumn, "there is a column \"\(name.text)\" already", span: name.span,
          suggestion: "choose another name, or drop that column first"))
      return input
    }
    binder.brokenColumns.remove(name.text)
    return .operation(Operation(RowNumber(name.text, from: stage.option("from")?.value?.int ?? 1)), [input])
  }
}
