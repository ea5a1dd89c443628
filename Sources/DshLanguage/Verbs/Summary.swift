// The verb `summary`.

extension Verb.ID {
  /// The verb `summary`.
  public static let summary = Verb.ID("summary")
}

extension Verb {
  static let summary = Verb(
    .summary, .action, .none,
    options: [.outputFormat],
    usage: "summary",
    summary: "Shows a row of statistics for each column: nulls, different values, least, quartiles, mean, greatest, most frequent",
    examples: [
      Example("range 5 | summary", "One row about id"),
      Example(
        "read data/weather.csv | summary | select column, nulls, distinct | take", "Some of it, as rows to go on with", needsFiles: true),
    ],
    related: ["schema", "show", "agg"], givesRows: true)
}
