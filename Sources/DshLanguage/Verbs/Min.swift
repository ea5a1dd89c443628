// The verb `min`.

extension Verb.ID {
  /// The verb `min`.
  public static let min = Verb.ID("min")
}

extension Verb {
  static let min = Verb(
    .min, .action, .expression,
    options: [.outputFormat],
    usage: "min EXPR",
    summary: "Gives the least value of an expression",
    examples: [
      Example("range 5 | min id", "0"),
      Example("read data/weather.csv | min date", "The first day", needsFiles: true),
    ],
    related: ["max", "agg"],
    advice: Advice(whenNotLast: "use agg", onList: { "of several values: least(\($0))" }))
}
