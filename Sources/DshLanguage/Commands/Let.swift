// The command `let`.

extension Command {
  static let letScalar = Command(
    "let", [.optional(.scalar)], options: [.outputFormat], usage: "let [NAME [= VALUE]]",
    summary: "Names a scalar, used as $NAME: a constant, or the one value that a pipeline gives; without a value shows it, alone shows all",
    examples: ["let n = 60", "let days = read data/weather.csv | count", "let"])
}
