// `unique`: the different values of an expression, in order.

import DshColumns
import DshDiagnostics
import DshPlan

extension Session {
  func unique(_ context: ActionContext) throws {
    let (expression, text) = try context.expression()
    let plan = LogicalPlan.aggregate(context.plan, Aggregation(keys: [NamedExpression(text, expression)], aggregates: []))
    do {
      let result = try context.run(.all(limitBytes: settings.maxBytes), of: plan)
      context.emit(.rows(RowsOutput(rows: result.rows, layout: .table, totalRows: result.rows.rowCount, moreFollow: false)))
      context.receipt(
        result.work, rows: result.rows.rowCount,
        lines: ["\(counted(result.rows.rowCount, "value")), \(movedText(result.work)); \(blocksText(result.work))"])
    } catch let diagnostic as Diagnostic where diagnostic.code == "too-many-bytes" {
      throw diagnostic.at(context.stage.verb.span)
    }
  }
}
