// The verb `rows`.

extension Verb {
  static let rows = Verb(
    "rows", .source, .rows,
    usage: "rows {NAME: VALUE, …}, …",
    summary: "Makes a dataset of literal rows",
    examples: [
      Example("rows {a: 1, b: \"x\"}, {a: 2, b: null} | take", "Two rows, two columns")
    ],
    related: ["range", "read"])
}
