// The command `quit`.

extension Command.ID {
  /// The command `quit`.
  public static let quit = Command.ID("quit")
}

extension Command {
  static let quit = Command(
    .quit, usage: "quit",
    summary: "Ends the shell",
    examples: ["quit", "quit # or Ctrl-D on an empty line"])
}
