// `unique`: the different values of an expression, in order.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender
import DshBackend

struct UniqueAction: Action {
  let verb = Verb.ID.unique
  let givesValue = true

  func check(_ operand: Expression, in stage: StageSyntax) throws(Diagnostic) {
    switch operand.type {
    case .list, .structure: throw stage.isNotDefined(for: operand.type)
    default: break
    }
  }

  func perform(_ context: ActionContext) throws {
    let (expression, text) = try context.expression()
    let plan = LogicalPlan.aggregate(context.plan, Aggregation(keys: [NamedExpression(text, expression)], aggregates: []))
    let result = try context.takeAll(plan, limitBytes: context.session.settings.maxBytes)
    context.emit(.rows(RowsOutput(rows: result.rows, layout: .table, totalRows: result.rows.rowCount)))
    context.receipt(
      result.work, rows: result.rows.rowCount,
      lines: ["\(counted(result.rows.rowCount, "value")), \(movedText(result.work)); \(blocksText(result.work))"])
  }
}
