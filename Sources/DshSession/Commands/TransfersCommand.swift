// `transfers`: the bytes that moved from store to store.

import DshColumns
import DshLanguage
import DshRender
import DshBackend

struct TransfersCommand: CommandAction {
  let command = Command.ID.transfers

  func run(_ context: CommandContext) throws -> RunOutcome {
    let moved = try context.has("last") ? context.session.lastRun?.run.moved ?? [] : context.backend.transfers()
    context.emit(
      .listing(
        Listing(
          name: "transfers", columns: [Listing.Column("from"), Listing.Column("to"), Listing.Column("moved", .bytes)],
          rows: moved.map { [.string($0.from), .string($0.to), .int64(Int64($0.bytes))] })))
    return .finished
  }
}
