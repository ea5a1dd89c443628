// `summary`: a row of statistics for each column.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender

struct SummaryAction: Action {
  let verb = Verb.ID.summary

  func perform(_ context: ActionContext) throws {
    let plan = context.session.state.environment.binder(context.source).bindSummary(of: context.plan)
    let result = try context.run(.head(context.plan.schema.count), of: plan)
    let columns = result.rows.rowCount
    context.emit(.rows(RowsOutput(rows: result.rows, layout: .table, totalRows: columns)))
    context.receipt(
      result.work, rows: columns, lines: ["\(counted(columns, "column")), \(movedText(result.work)); \(blocksText(result.work))"])
  }
}
