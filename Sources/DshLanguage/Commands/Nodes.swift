// The command `nodes`.

extension Command.ID {
  /// The command `nodes`.
  public static let nodes = Command.ID("nodes")
}

extension Command {
  static let nodes = Command(
    .nodes, options: [.outputFormat], usage: "nodes",
    summary: "Shows the nodes: state, slots, store, blocks and movement",
    examples: ["nodes", "nodes --format=csv"])
}
