// `stats`: the stages of the plan with what was measured when they ran.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender

struct StatsAction: Action {
  let verb = Verb.ID.stats

  func rowsNeeded(by stage: StageSyntax, in source: SourceText, _ session: Session) -> Int? { 0 }

  func perform(_ context: ActionContext) throws {
    // Alone it tells what the action before did, as long as that was about the same dataset.
    if context.isAlone, let lastRun = context.session.lastRun, lastRun.dataset == context.title, !lastRun.run.stages.isEmpty {
      return context.emit(.listing(listing(of: lastRun.run.stages, context)))
    }
    // All blocks are made, and none is moved: that is the dataset itself, whatever is done with it later. They stay as cache.
    let result = try context.run(.blocks)
    let rows = result.totalRows ?? 0
    context.emit(.listing(listing(of: result.work.stages, context)))
    context.receipt(result.work, rows: rows, lines: ["\(counted(rows, "row")), \(movedText(result.work)); \(blocksText(result.work))"])
  }

  private func listing(of stages: [StageWork], _ context: ActionContext) -> Listing {
    let hasTimes = !context.session.options.isDeterministic
    var columns: [Listing.Column] = [
      Listing.Column("stage"), Listing.Column("tasks", .count), Listing.Column("reused", .count), Listing.Column("rows in", .count),
      Listing.Column("rows out", .count), Listing.Column("bytes out", .bytes), Listing.Column("moved", .bytes), Listing.Column("where"),
    ]
    if hasTimes { columns.insert(Listing.Column("task seconds", .seconds), at: 7) }
    let showsReread = stages.contains { $0.reread > 0 }
    if showsReread { columns.insert(Listing.Column("read twice", .count), at: 3) }
    let showsCopied = stages.contains { $0.copied > 0 }
    if showsCopied { columns.insert(Listing.Column("run twice", .count), at: 3) }
    let showsPrograms = stages.contains { $0.programs.processes > 0 }
    if showsPrograms {
      columns += [
        Listing.Column("programs", .count), Listing.Column("batches", .count), Listing.Column("sent", .bytes),
        Listing.Column("answered", .bytes),
      ]
    }
    let rows = stages.map { stage -> [Value] in
      var row: [Value] = [
        .string(stage.title), .int64(Int64(stage.tasks)), .int64(Int64(stage.reused)), .int64(Int64(stage.rowsIn)),
        .int64(Int64(stage.rowsOut)), .int64(Int64(stage.bytesOut)), .int64(Int64(stage.movedBytes)), .string(stage.placement),
      ]
      if hasTimes { row.insert(.float64(stage.seconds), at: 7) }
      if showsReread { row.insert(.int64(Int64(stage.reread)), at: 3) }
      if showsCopied { row.insert(.int64(Int64(stage.copied)), at: 3) }
      if showsPrograms {
        let programs = stage.programs
        row += [programs.processes, programs.batches, programs.sentBytes, programs.answeredBytes].map { .int64(Int64($0)) }
      }
      return row
    }
    return Listing(name: "stats", columns: columns, rows: rows)
  }
}
