// The verb `hist`.

extension Verb.ID {
  /// The verb `hist`.
  public static let hist = Verb.ID("hist")
}

extension Verb {
  static let hist = Verb(
    .hist, .action, .expression,
    usage: "hist EXPR",
    summary: "Shows the distribution of a value as a histogram in text",
    examples: [
      Example("range 5 | hist id", "Five bars")
    ],
    related: ["summary", "agg"],
    availability: .later(instead: "`agg n = count() by bin = x // 10 | sort bin` counts by bins"))
}
