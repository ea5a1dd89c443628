// The verb `show`.

extension Verb.ID {
  /// The verb `show`.
  public static let show = Verb.ID("show")
}

extension Verb {
  static let show = Verb(
    .show, .action, .count(isOptional: true),
    options: [.outputFormat],
    usage: "show [N]",
    summary: "Shows the first and the last rows as one table with the total",
    examples: [
      Example("range 1000 | show 4", "Two rows from each end"),
      Example("read data/flights.csv | show", "Head, tail and the number of rows", needsFiles: true),
    ],
    related: ["take", "count"],
    advice: Advice(whenNotLast: "use limit"))
}
