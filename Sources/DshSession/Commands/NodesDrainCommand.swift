// `nodes drain`: copies what is of use of a node to the others, and ends it.

import DshBackend
import DshDiagnostics
import DshLanguage
import DshRender

struct NodesDrainCommand: CommandAction {
  let command = Command.ID.nodesDrain

  func run(_ context: CommandContext) throws -> RunOutcome {
    guard let node = context.argument else { return .finished }
    do {
      context.emit(.lines([text(node.text, try context.backend.drainNode(node.text, observer: context.session.observer))]))
    } catch let diagnostic as Diagnostic {
      throw diagnostic.at(node.span)
    }
    return .finished
  }

  /// `node2 drained: 4 blocks, 59 KiB moved to node1; node2 has ended`.
  private func text(_ name: String, _ drained: (blocks: Int, work: RunWork)) -> String {
    "\(name) drained: \(counted(drained.blocks, "block")), \(movedText(drained.work)); \(name) has ended"
  }
}
