// The command `history save`.

extension Command {
  static let historySave = Command(
    "history save", [.required(.path)],
    options: [VerbOption("force", .flag, "", "Replaces a file that is there")],
    usage: "history save FILE",
    summary: "Writes the statements of this session as a script that runs; those that failed become comments",
    examples: ["history save --force session.dsh", "history save --force session.dsh # then: dsh session.dsh"])
}
