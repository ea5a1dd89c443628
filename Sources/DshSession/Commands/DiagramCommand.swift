// `diagram`: what the last action did, drawn.

import DshDiagnostics
import DshLanguage

struct DiagramCommand: CommandAction {
  let command = Command.ID.diagram

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let last = context.session.lastRun else {
      throw Diagnostic(
        .nothingRan, "no action has run yet", span: context.command.span, suggestion: "run one first, such as take or persist")
    }
    let format = context.command.option("format")?.value.flatMap { DiagramFormat(rawValue: $0.text) } ?? .mermaid
    context.emit(.diagram(Diagram(last, nodeNames: try context.nodes().map(\.name)), format))
    return .finished
  }
}
