// The verb `take_batch`.

extension Verb.ID {
  /// The verb `take_batch`.
  public static let takeBatch = Verb.ID("take_batch")
}

extension Verb {
  static let takeBatch = Verb(
    .takeBatch, .action, .count(isOptional: true),
    options: [.outputFormat],
    usage: "take_batch [N]",
    summary: "Shows the first rows column by column, 20 where no number is given",
    examples: [
      Example("range 100 | take_batch 3", "The first three rows as one list"),
      Example("read data/weather.csv | take_batch 3", "A line for each column", needsFiles: true),
    ],
    related: ["take"],
    advice: Advice(whenNotLast: "use limit", whenNamed: "use limit"))
}
