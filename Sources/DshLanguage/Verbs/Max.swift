// The verb `max`.

extension Verb.ID {
  /// The verb `max`.
  public static let max = Verb.ID("max")
}

extension Verb {
  static let max = Verb(
    .max, .action, .expression,
    options: [.outputFormat],
    usage: "max EXPR",
    summary: "Gives the greatest value of an expression",
    examples: [
      Example("range 5 | max id * 2", "8"),
      Example("read data/weather.csv | max temp_max", "The largest value of a column", needsFiles: true),
    ],
    related: ["min", "agg"],
    advice: Advice(whenNotLast: "use agg", onList: { "of several values: greatest(\($0))" }))
}
