// `nodes add`: starts more nodes.

import DshDiagnostics
import DshLanguage
import DshBackend
import DshRender

struct NodesAddCommand: CommandAction {
  let command = Command.ID.nodesAdd

  func run(_ context: CommandContext) throws -> RunOutcome {
    let argument = context.argument
    let count = argument.map { Int($0.text) } ?? 1
    let limit = context.backend.largestNodeCount
    guard let count, 1...limit ~= count else {
      throw Diagnostic(.invalidCount, .user, "nodes add takes a whole number from 1 to \(limit)", span: argument?.span)
    }
    do { try context.backend.addNodes(count) } catch let diagnostic as Diagnostic { throw diagnostic.at(argument?.span) }
    context.emit(.lines(["\(counted(count, "node")) added"]))
    return .finished
  }
}
