// `bar`: numbers with bars that compare them.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender

struct BarAction: Action {
  let verb = Verb.ID.bar

  /// More bars than this are no picture any more.
  private static let mostBars = 1000

  func check(_ stage: StageSyntax, over plan: LogicalPlan, with binder: inout Binder) {
    guard case .aggregation(let items, let keys) = stage.operands else { return }
    _ = binder.bindBars(items, by: keys, over: plan, at: stage.verb.span)
  }

  func perform(_ context: ActionContext) throws {
    guard case .aggregation(let items, let keys) = context.stage.operands else {
      throw Diagnostic(.missingOperand, "bar needs a number", span: context.stage.span)
    }
    var binder = context.session.state.environment.binder(context.source)
    guard let plan = binder.bindBars(items, by: keys, over: context.plan, at: context.stage.verb.span) else {
      throw DiagnosticList(binder.diagnostics)
    }
    let result = try context.run(.head(Self.mostBars), of: plan)
    context.emit(.bars(Bars(rows: result.rows, moreFollow: result.more == .yes)))
    let rows = result.rows.rowCount
    context.receipt(
      result.work, rows: rows, lines: ["\(counted(rows, "bar")), \(movedText(result.work)); \(blocksText(result.work))"])
  }
}
