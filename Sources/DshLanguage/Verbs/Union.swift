// The verb `union`.

extension Verb.ID {
  /// The verb `union`.
  public static let union = Verb.ID("union")
}

extension Verb {
  static let union = Verb(
    .union, .transform, .datasets(1...Int.max),
    usage: "union OTHER, …",
    summary: "Puts the rows of other datasets behind, by column name",
    examples: [
      Example("range 2 | union (range 5, 7) | take", "Four rows"),
      Example("rows {a: 1} | union (rows {a: 2}), (rows {a: 3}) | take", "Several at once"),
    ],
    related: ["join", "zip"])
}
