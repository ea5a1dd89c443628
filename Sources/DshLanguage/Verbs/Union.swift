// The verb `union`.

extension Verb {
  static let union = Verb(
    "union", .transform, .datasets(1...Int.max),
    usage: "union OTHER, …",
    summary: "Puts the rows of other datasets behind, by column name",
    examples: [
      Example("range 2 | union (range 5, 7) | take", "Four rows")
    ],
    related: ["join", "zip"])
}
