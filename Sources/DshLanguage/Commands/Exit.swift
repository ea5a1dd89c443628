// The command `exit`.

extension Command.ID {
  /// The command `exit`.
  public static let exit = Command.ID("exit")
}

extension Command {
  static let exit = Command(
    .exit, usage: "exit",
    summary: "Ends the shell, as `quit` does",
    examples: ["exit", "exit # or quit"])
}
