// The verb `rows`.

extension Verb.ID {
  /// The verb `rows`.
  public static let rows = Verb.ID("rows")
}

extension Verb {
  static let rows = Verb(
    .rows, .source, .rows,
    usage: "rows {NAME: VALUE, …}, …",
    summary: "Makes a dataset of literal rows",
    examples: [
      Example("rows {a: 1, b: \"x\"}, {a: 2, b: null} | take", "Two rows, two columns"),
      Example("rows {city: \"Oslo\", visits: 3}, {city: \"Bergen\", visits: 1} | sort visits | take", "A small table to try things on"),
    ],
    related: ["range", "read"])
}
