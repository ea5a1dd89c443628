// The command `nodes drain`.

extension Command.ID {
  /// The command `nodes drain`.
  public static let nodesDrain = Command.ID("nodes drain")
}

extension Command {
  static let nodesDrain = Command(
    .nodesDrain, [.required(.node)], usage: "nodes drain NAME",
    summary: "Copies the blocks of a node to the others, and ends it",
    examples: ["nodes drain node2", "nodes drain node1"], isDestructive: true)
}
