// The verb `std`.

extension Verb.ID {
  /// The verb `std`.
  public static let std = Verb.ID("std")
}

extension Verb {
  static let std = Verb(
    .std, .action, .expression,
    options: [.outputFormat],
    usage: "std EXPR",
    summary: "Gives the sample standard deviation of an expression",
    examples: [
      Example("range 5 | std id", "1.58…"),
      Example("read data/weather.csv | std wind", "The standard deviation of a column", needsFiles: true),
    ],
    related: ["mean", "agg"],
    advice: Advice(whenNotLast: "use agg"))
}
