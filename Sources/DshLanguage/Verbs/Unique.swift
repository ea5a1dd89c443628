// The verb `unique`.

extension Verb.ID {
  /// The verb `unique`.
  public static let unique = Verb.ID("unique")
}

extension Verb {
  static let unique = Verb(
    .unique, .action, .expression,
    options: [.outputFormat],
    usage: "unique EXPR",
    summary: "Gives the different values of an expression as one list",
    examples: [
      Example("range 5 | unique id % 2", "0 and 1"),
      Example("read data/weather.csv | unique weather", "The kinds of weather", needsFiles: true),
    ],
    related: ["agg", "count"])
}
