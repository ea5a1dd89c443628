// The command `help`.

extension Command {
  static let help = Command(
    "help", [.optional(.topic)], usage: "help [NAME]",
    summary: "Explains a verb, command or function",
    examples: ["help", "help filter"])
}
