// The command `transfers`.

extension Command {
  static let transfers = Command(
    "transfers", options: [.outputFormat], usage: "transfers",
    summary: "Shows the bytes moved from node to node",
    examples: ["transfers", "transfers --format=csv"])
}
