// The command `let`.

extension Command.ID {
  /// The command `let`.
  public static let letScalar = Command.ID("let")
}

extension Command {
  static let letScalar = Command(
    .letScalar, [.optional(.scalar)], options: [.outputFormat], usage: "let [NAME [= VALUE]]",
    summary: "Names a scalar, used as $NAME: a constant, or the one value that a pipeline gives; without a value shows it, alone shows all",
    examples: ["let n = 60", "let days = read data/weather.csv | count", "let"])
}
