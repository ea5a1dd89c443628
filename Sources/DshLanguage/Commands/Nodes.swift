// The command `nodes`.

extension Command.ID {
  /// The command `nodes`.
  public static let nodes = Command.ID("nodes")
}

extension Command {
  static let nodes = Command(
    .nodes,
    options: [
      VerbOption("wide", .flag, "", "Also the address and the name that the cluster itself has for each"),
      VerbOption("log", .flag, "", "What the processes of the cluster have said"), .outputFormat,
    ], usage: "nodes [--wide|--log]",
    summary: "Shows the nodes: state, slots, store, blocks and movement",
    examples: ["nodes", "nodes --wide", "nodes --log", "nodes --format=csv"])
}
