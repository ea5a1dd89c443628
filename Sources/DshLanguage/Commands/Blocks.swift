// The command `blocks`.

extension Command.ID {
  /// The command `blocks`.
  public static let blocks = Command.ID("blocks")
}

extension Command {
  static let blocks = Command(
    .blocks, [.optional(.dataset)],
    options: [
      VerbOption("map", .flag, "", "Draws every block as a cell, a row for each node"), .outputFormat,
    ], usage: "blocks [--map] [DATASET]",
    summary: "Shows where the blocks of a dataset are and what made them",
    examples: ["blocks", "blocks late", "blocks --map"])
}
