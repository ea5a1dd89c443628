// The command `nodes kill`.

extension Command.ID {
  /// The command `nodes kill`.
  public static let nodesKill = Command.ID("nodes kill")
}

extension Command {
  static let nodesKill = Command(
    .nodesKill, [.required(.node)], usage: "nodes kill NAME",
    summary: "Kills a node at once; its blocks are made again from their sources",
    examples: ["nodes kill node2", "nodes kill node1"], isDestructive: true)
}
