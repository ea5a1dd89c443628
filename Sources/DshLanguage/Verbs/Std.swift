// The verb `std`.

extension Verb {
  static let std = Verb(
    "std", .action, .expression,
    options: [.outputFormat],
    usage: "std EXPR",
    summary: "Gives the sample standard deviation of an expression",
    examples: [
      Example("range 5 | std id", "1.58…")
    ],
    related: ["mean", "agg"])
}
