// The command `history save`.

extension Command.ID {
  /// The command `history save`.
  public static let historySave = Command.ID("history save")
}

extension Command {
  static let historySave = Command(
    .historySave, [.required(.path)],
    options: [VerbOption("force", .flag, "", "Replaces a file that is there")],
    usage: "history save FILE",
    summary: "Writes the statements of this session as a script that runs; those that failed become comments",
    examples: ["history save --force session.dsh", "history save --force session.dsh # then: dsh session.dsh"])
}
