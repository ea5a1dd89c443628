// The verb `limit`.

extension Verb.ID {
  /// The verb `limit`.
  public static let limit = Verb.ID("limit")
}

extension Verb {
  static let limit = Verb(
    .limit, .transform, .count(isOptional: false),
    options: [
      VerbOption("offset", .int(0...Limits.rows), "M", "Rows to pass over first")
    ],
    usage: "limit N",
    summary: "Keeps the first rows; stays lazy, so more stages may follow",
    examples: [
      Example("range 100 | limit 3 | take_all", "The first three rows"),
      Example("range 100 | limit --offset=10 3 | take_all", "Rows 10, 11 and 12"),
    ],
    related: ["take", "filter", "sort"],
    advice: Advice(onComma: "to pass over rows: limit --offset=M N"))
}
