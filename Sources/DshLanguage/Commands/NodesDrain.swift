// The command `nodes drain`.

extension Command {
  static let nodesDrain = Command(
    "nodes drain", [.required(.node)], usage: "nodes drain NAME",
    summary: "Moves the blocks of a node away, then stops it",
    examples: ["nodes drain node2", "nodes drain node1"])
}
