// The verb `count`.

extension Verb.ID {
  /// The verb `count`.
  public static let count = Verb.ID("count")
}

extension Verb {
  static let count = Verb(
    .count, .action, .none,
    options: [.outputFormat],
    usage: "count",
    summary: "Gives the number of rows",
    examples: [
      Example("range 1000 | filter id % 3 == 0 | count", "334"),
      Example("read data/weather.csv | filter weather == \"rain\" | count", "Nothing but the number comes to the shell", needsFiles: true),
    ],
    related: ["agg", "sum"],
    advice: Advice(whenNotLast: "use agg", onOperand: { "to count values use agg count(\($0))" }))
}
