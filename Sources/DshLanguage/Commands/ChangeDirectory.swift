// The command `cd`.

extension Command.ID {
  /// The command `cd`.
  public static let changeDirectory = Command.ID("cd")
}

extension Command {
  static let changeDirectory = Command(
    .changeDirectory, [.optional(.folder)], usage: "cd [PATH]",
    summary: "Changes the working directory",
    examples: ["cd data", "cd"])
}
