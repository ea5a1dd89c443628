// The command `help`.

extension Command.ID {
  /// The command `help`.
  public static let help = Command.ID("help")
}

extension Command {
  static let help = Command(
    .help, [.optional(.topic)],
    options: [VerbOption("search", .text, "WORD", "Finds everything that speaks of a word")],
    usage: "help [NAME]",
    summary: "Explains a verb, command, function or setting; NAME ? does the same",
    examples: ["help", "help filter", "help --search=rows"])
}
