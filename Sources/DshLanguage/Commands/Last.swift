// The command `last`.

extension Command.ID {
  /// The command `last`.
  public static let last = Command.ID("last")
}

extension Command {
  static let last = Command(
    .last, options: [.outputFormat], usage: "last",
    summary: "Shows the last result again, in full, without running anything",
    examples: ["last", "last --format=csv"])
}
