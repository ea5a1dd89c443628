// The command `cd`.

extension Command {
  static let changeDirectory = Command(
    "cd", [.optional(.path)], usage: "cd [PATH]",
    summary: "Changes the working directory",
    examples: ["cd data", "cd"])
}
