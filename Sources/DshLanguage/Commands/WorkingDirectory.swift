// The command `pwd`.

extension Command.ID {
  /// The command `pwd`.
  public static let workingDirectory = Command.ID("pwd")
}

extension Command {
  static let workingDirectory = Command(
    .workingDirectory, usage: "pwd",
    summary: "Shows the working directory",
    examples: ["pwd", "pwd # where paths start from"])
}
