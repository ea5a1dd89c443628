// The command `!`.

extension Command {
  static let systemShell = Command(
    "!", takesRestOfLine: true, usage: "!COMMAND",
    summary: "Hands the rest of the line to the system's shell",
    examples: ["!wc -l data/flights.csv", "!head -3 data/weather.csv"])
}
