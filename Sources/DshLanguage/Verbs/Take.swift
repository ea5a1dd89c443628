// The verb `take`.

extension Verb.ID {
  /// The verb `take`.
  public static let take = Verb.ID("take")
}

extension Verb {
  static let take = Verb(
    .take, .action, .count(isOptional: true),
    options: [.outputFormat],
    usage: "take [N]",
    summary: "Shows the first rows, 20 where no number is given; only those rows move",
    examples: [
      Example("range 100 | take 3", "The first three rows"),
      Example("read data/flights.csv | filter count > 800 | take --format=line 2", "Two records, a line for each cell", needsFiles: true),
    ],
    related: ["limit", "show", "take_all", "take_batch"],
    advice: Advice(whenNotLast: "use limit", whenNamed: "use limit"))
}
