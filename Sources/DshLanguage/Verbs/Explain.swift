// The verb `explain`.

extension Verb.ID {
  /// The verb `explain`.
  public static let explain = Verb.ID("explain")
}

extension Verb {
  static let explain = Verb(
    .explain, .action, .none,
    usage: "explain",
    summary: "Shows the plan with estimates; runs nothing",
    examples: [
      Example("range 100 | filter id > 5 | explain", "The plan of two stages"),
      Example(
        "read data/flights.csv | filter count > 500 | select origin | explain", "The filter and the columns are part of the reading",
        needsFiles: true),
    ],
    related: ["stats", "schema"])
}
