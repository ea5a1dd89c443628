// The command `nodes drain`.

extension Command {
  static let nodesDrain = Command(
    "nodes drain", [.required(.node)], usage: "nodes drain NAME",
    summary: "Gives a node no more tasks, and ends it once it holds no blocks",
    examples: ["nodes drain node2", "nodes drain node1"])
}
