// The verb `filter`.

extension Verb.ID {
  /// The verb `filter`.
  public static let filter = Verb.ID("filter")
}

extension Verb {
  static let filter = Verb(
    .filter, .transform, .expression,
    usage: "filter EXPR",
    summary: "Keeps the rows for which the expression is true",
    examples: [
      Example("range 100 | filter id % 7 == 0 and id > 50 | take", "Conditions are joined with and, or, not"),
      Example("rows {name: \"Ada\"}, {name: \"Bob\"} | filter name ~ \"^A\" | count", "~ finds a regular expression"),
    ],
    related: ["map", "limit", "select"],
    advice: Advice(onComma: "conditions are joined by and; numbers have no commas", onList: { _ in "conditions are joined by and" }))
}
