// The command `nodes drain`.

extension Command {
  static let nodesDrain = Command(
    "nodes drain", [.required(.node)], usage: "nodes drain NAME",
    summary: "Copies the blocks of a node to the others, and ends it",
    examples: ["nodes drain node2", "nodes drain node1"], isDestructive: true)
}
