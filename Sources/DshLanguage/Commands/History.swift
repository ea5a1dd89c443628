// The command `history`.

extension Command {
  static let history = Command(
    "history", usage: "history",
    summary: "Shows the statements typed so far",
    examples: ["history"])
}
