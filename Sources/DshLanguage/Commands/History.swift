// The command `history`.

extension Command.ID {
  /// The command `history`.
  public static let history = Command.ID("history")
}

extension Command {
  static let history = Command(
    .history, [.optional(.count)],
    options: [VerbOption("all", .flag, "", "Those of earlier sessions too")],
    usage: "history [N]",
    summary: "Shows the statements typed so far, or the last N of them",
    examples: ["history", "history 5"])
}
