// `nodes`: the nodes with what they hold and have moved.

import DshColumns
import DshLanguage
import DshRender
import DshBackend

struct NodesCommand: CommandAction {
  let command = Command.ID.nodes

  func run(_ context: CommandContext) throws -> RunOutcome {
    context.emit(context.has("log") ? .lines(try context.backend.log()) : .listing(try listing(context)))
    return .finished
  }

  private func listing(_ context: CommandContext) throws -> Listing {
    var columns: [Listing.Column] = [
      Listing.Column("node"), Listing.Column("state"), Listing.Column("pid"), Listing.Column("slots", .count),
      Listing.Column("store used", .bytes),
      Listing.Column("limit", .bytes), Listing.Column("blocks", .count), Listing.Column("pinned", .bytes),
      Listing.Column("spilled", .bytes),
      Listing.Column("sent", .bytes), Listing.Column("received", .bytes),
    ]
    if context.session.options.isDeterministic { columns.remove(at: 2) }
    if context.has("wide") { columns += [Listing.Column("host"), Listing.Column("id")] }
    let rows = try context.nodes().map { node -> [Value] in
      var row: [Value] = [
        .string(node.name), .string(node.state), .int64(Int64(node.processID)), node.slots == 0 ? .null : .int64(Int64(node.slots)),
        .int64(Int64(node.usedBytes)), .int64(Int64(node.limitBytes)), .int64(Int64(node.blocks)), .int64(Int64(node.pinnedBytes)),
        .int64(Int64(node.spilledBytes)), .int64(Int64(node.sentBytes)), .int64(Int64(node.receivedBytes)),
      ]
      if context.session.options.isDeterministic { row.remove(at: 2) }
      if context.has("wide") { row += [node.host, node.id].map { $0.isEmpty ? .null : .string($0) } }
      return row
    }
    return Listing(name: "nodes", columns: columns, rows: rows)
  }
}
