// The verb `distinct`.

extension Verb.ID {
  /// The verb `distinct`.
  public static let distinct = Verb.ID("distinct")
}

extension Verb {
  static let distinct = Verb(
    .distinct, .transform, .columns(isOptional: true),
    usage: "distinct [NAME, …]",
    summary: "Keeps the first row of each kind: of equal rows, or of rows that are equal in some columns",
    examples: [
      Example("rows {a: 1, b: 1}, {a: 1, b: 1}, {a: 1, b: 2} | distinct | take", "Two rows: one was there twice"),
      Example("rows {a: 1, b: 1}, {a: 1, b: 2}, {a: 2, b: 3} | distinct a | take", "The first row of each a"),
    ],
    related: ["agg", "unique"],
    advice: Advice(onExpression: "distinct takes names of columns; compute one before: map KEY = … | distinct KEY"))
}
