// `undo`: the dataset that was current before is current again.

import DshDiagnostics
import DshLanguage
import DshColumns
import DshPlan
import DshRender

struct UndoCommand: CommandAction {
  let command = Command.ID.undo

  func foresee(in check: inout ScriptCheck) { check.undo() }

  func run(_ context: CommandContext) throws -> RunOutcome {
    let session = context.session
    guard let earlier = session.state.earlier.popLast() else {
      throw Diagnostic(.nothingToUndo, "there is nothing to undo", span: context.command.span)
    }
    session.state.current = earlier
    guard session.options.announcesDatasets else { return .finished }
    guard let earlier else {
      context.emit(.lines(["no current dataset"]))
      return .finished
    }
    let dataset = session.state.datasets[earlier]
    let columns: String
    do { columns = counted(try session.state.plan(of: earlier).schema.count, "column") } catch is WantedValues {
      columns = "columns not known yet"
    }
    context.emit(.dataset(number: dataset.number, name: dataset.name, sentence: "\(columns), current again"))
    return .finished
  }
}
