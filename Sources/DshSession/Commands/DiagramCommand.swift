// `diagram`: what the last action did, drawn.

import DshDiagnostics
import DshLanguage
import DshRender
import DshBackend

struct DiagramCommand: CommandAction {
  let command = Command.ID.diagram

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let last = context.session.lastRun else {
      throw Diagnostic(
        .nothingRan, "no action has run yet", span: context.command.span, suggestion: "run one first, such as take or persist")
    }
    let format = context.command.option("format")?.value.flatMap { DiagramFormat(rawValue: $0.text) } ?? .mermaid
    let diagram = Diagram(
      action: last.action, dataset: last.dataset, rows: last.rows, work: last.run, parts: last.parts,
      nodeNames: try context.nodes().map(\.name))
    context.emit(.diagram(diagram, format))
    return .finished
  }
}
