// The command `ls`.

extension Command {
  static let listFiles = Command(
    "ls", [.optional(.path)], usage: "ls [PATH]",
    summary: "Lists files",
    examples: ["ls", "ls data"])
}
