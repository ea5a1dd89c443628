// `diagram`: what the last action did, drawn.

import DshDiagnostics
import DshLanguage

extension Session {
  func diagram(_ command: CommandSyntax, emit: (Output) -> Void) throws {
    guard let last = lastRun else {
      throw Diagnostic(
        "nothing-ran", .user, "no action has run yet", span: command.name.span, suggestion: "run one first, such as take or persist")
    }
    let format = command.option("format")?.value.flatMap { DiagramFormat(rawValue: $0.text) } ?? .mermaid
    emit(.diagram(Diagram(last, nodeNames: try backend.nodes(cancellation: observer.cancellation).map(\.name)), format))
  }
}
