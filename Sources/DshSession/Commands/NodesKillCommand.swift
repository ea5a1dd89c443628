// `nodes kill`: ends a node at once.

import DshDiagnostics
import DshLanguage
import DshBackend

struct NodesKillCommand: CommandAction {
  let command = Command.ID.nodesKill

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let node = context.argument else { return .finished }
    do { try context.backend.killNode(node.text) } catch let diagnostic as Diagnostic { throw diagnostic.at(node.span) }
    return .finished
  }
}
