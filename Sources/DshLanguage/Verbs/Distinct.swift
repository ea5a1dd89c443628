// The verb `distinct`.

extension Verb.ID {
  /// The verb `distinct`.
  public static let distinct = Verb.ID("distinct")
}

extension Verb {
  static let distinct = Verb(
    .distinct, .transform, .columns(isOptional: true),
    usage: "distinct [NAME, …]",
    summary: "Keeps one row of each kind",
    examples: [
      Example("rows {a: 1}, {a: 1}, {a: 2} | distinct a", "Two rows")
    ],
    related: ["agg", "unique"],
    availability: .later(instead: "`agg by NAME, …` gives one row per combination"))
}
