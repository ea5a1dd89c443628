// The command `nodes add`.

extension Command {
  static let nodesAdd = Command(
    "nodes add", [.optional(.count)], usage: "nodes add [N]",
    summary: "Starts more nodes, one where no number is given",
    examples: ["nodes add", "nodes add 2"])
}
