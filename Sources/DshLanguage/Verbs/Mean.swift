// The verb `mean`.

extension Verb.ID {
  /// The verb `mean`.
  public static let mean = Verb.ID("mean")
}

extension Verb {
  static let mean = Verb(
    .mean, .action, .expression,
    options: [.outputFormat],
    usage: "mean EXPR",
    summary: "Gives the mean of an expression over all rows",
    examples: [
      Example("range 5 | mean id", "2.0"),
      Example("read data/weather.csv | filter weather == \"rain\" | mean precipitation", "Of the rows that pass", needsFiles: true),
    ],
    related: ["sum", "std", "agg"],
    advice: Advice(whenNotLast: "use agg"))
}
