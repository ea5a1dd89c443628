// The verb `flat_map`.

extension Verb.ID {
  /// The verb `flat_map`.
  public static let flatMap = Verb.ID("flat_map")
}

extension Verb {
  static let flatMap = Verb(
    .flatMap, .transform, .bindings,
    usage: "flat_map NAME = LIST",
    summary: "Makes one row of each element of a list; the other columns are repeated, and null and an empty list give no row",
    examples: [
      Example("rows {line: \"a b c\"} | flat_map word = split(line, \" \") | take", "One row per word"),
      Example(
        "rows {line: \"to be or not to be\"} | flat_map word = split(line, \" \") | value_counts word | take",
        "How often each word is there"),
    ],
    related: ["map", "unnest", "value_counts"])
}
