// The command `transfers`.

extension Command.ID {
  /// The command `transfers`.
  public static let transfers = Command.ID("transfers")
}

extension Command {
  static let transfers = Command(
    .transfers, options: [VerbOption("last", .flag, "", "Only what the last action moved"), .outputFormat], usage: "transfers [--last]",
    summary: "Shows the bytes moved from node to node",
    examples: ["transfers", "transfers --last", "transfers --format=csv"])
}
