// The command `nodes add`.

extension Command.ID {
  /// The command `nodes add`.
  public static let nodesAdd = Command.ID("nodes add")
}

extension Command {
  static let nodesAdd = Command(
    .nodesAdd, [.optional(.count)], usage: "nodes add [N]",
    summary: "Starts more nodes, one where no number is given",
    examples: ["nodes add", "nodes add 2"])
}
