// The verb `hist`.

extension Verb.ID {
  /// The verb `hist`.
  public static let hist = Verb.ID("hist")
}

extension Verb {
  static let hist = Verb(
    .hist, .action, .keyedNumber,
    options: [
      VerbOption("bins", .int(1...1000), "N", "About so many bins; without it, 20"),
      .outputFormat,
    ],
    usage: "hist NUMBER [by KEY, …]",
    summary: "Shows how often the values of a number lie in bins of one width, for all rows or for each group",
    examples: [
      Example("range 100 | hist sqrt(id) --bins=5", "How square roots are spread"),
      Example("read data/weather.csv | hist temp_max by weather", "The temperatures of each kind of weather", needsFiles: true),
    ],
    related: ["bar", "agg"])
}
