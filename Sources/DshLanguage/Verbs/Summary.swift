// The verb `summary`.

extension Verb.ID {
  /// The verb `summary`.
  public static let summary = Verb.ID("summary")
}

extension Verb {
  static let summary = Verb(
    .summary, .action, .none,
    usage: "summary",
    summary: "Shows one row of statistics per column",
    examples: [
      Example("range 5 | summary", "One row about id")
    ],
    related: ["schema", "stats"],
    availability: .later(instead: "`agg count(x), mean(x), min(x), max(x)` gives the figures of one column"))
}
