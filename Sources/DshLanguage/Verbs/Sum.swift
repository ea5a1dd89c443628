// The verb `sum`.

extension Verb.ID {
  /// The verb `sum`.
  public static let sum = Verb.ID("sum")
}

extension Verb {
  static let sum = Verb(
    .sum, .action, .expression,
    options: [.outputFormat],
    usage: "sum EXPR",
    summary: "Gives the sum of an expression over all rows",
    examples: [
      Example("range 5 | sum id", "10"),
      Example("read data/flights.csv | sum count", "All flights together", needsFiles: true),
    ],
    related: ["mean", "agg"],
    advice: Advice(whenNotLast: "use agg"))
}
