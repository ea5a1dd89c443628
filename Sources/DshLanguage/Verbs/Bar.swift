// The verb `bar`.

extension Verb.ID {
  /// The verb `bar`.
  public static let bar = Verb.ID("bar")
}

extension Verb {
  static let bar = Verb(
    .bar, .action, .keyedNumber,
    options: [.outputFormat],
    usage: "bar VALUE by KEY, …",
    summary: "Shows a number for each row, or an aggregate for each group, with a bar that compares it with the others",
    examples: [
      Example("range 10 | bar count() by rest = id % 3", "Three bars, by the rest"),
      Example(
        "read data/weather.csv | value_counts weather | bar n by weather", "The kinds of weather, in the order they have", needsFiles: true),
    ],
    related: ["hist", "agg", "value_counts"])
}
