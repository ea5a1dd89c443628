// The command `!`.

extension Command.ID {
  /// The command `!`.
  public static let systemShell = Command.ID("!")
}

extension Command {
  static let systemShell = Command(
    .systemShell, takesRestOfLine: true, usage: "!COMMAND",
    summary: "Hands the rest of the line to the system's shell",
    examples: ["!wc -l data/flights.csv", "!head -3 data/weather.csv"])
}
