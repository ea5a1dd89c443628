// The command `blocks`.

extension Command {
  static let blocks = Command(
    "blocks", [.optional(.dataset)], usage: "blocks [DATASET]",
    summary: "Shows where the blocks of a dataset are and what made them",
    examples: ["blocks", "blocks late"])
}
