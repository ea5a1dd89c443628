// The verb `value_counts`.

extension Verb.ID {
  /// The verb `value_counts`.
  public static let valueCounts = Verb.ID("value_counts")
}

extension Verb {
  static let valueCounts = Verb(
    .valueCounts, .transform, .bindings,
    usage: "value_counts KEY, …",
    summary: "Counts the rows of each combination of values in a column n, the most frequent first",
    examples: [
      Example("range 10 | value_counts rest = id % 3 | take", "0 four times, 1 and 2 three times"),
      Example("read data/weather.csv | value_counts weather | take", "The kinds of weather by their days", needsFiles: true),
    ],
    related: ["agg", "unique", "distinct"])
}
