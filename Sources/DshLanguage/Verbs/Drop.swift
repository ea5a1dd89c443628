// The verb `drop`.

extension Verb.ID {
  /// The verb `drop`.
  public static let drop = Verb.ID("drop")
}

extension Verb {
  static let drop = Verb(
    .drop, .transform, .columns(isOptional: false),
    usage: "drop NAME, …",
    summary: "Leaves columns out",
    examples: [
      Example("rows {a: 1, b: 2} | drop b | take", "Only a is left"),
      Example("read data/flights.csv | drop count | schema", "The columns that are left", needsFiles: true),
    ],
    related: ["select", "rename"])
}
