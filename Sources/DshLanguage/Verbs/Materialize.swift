// The verb `materialize`.

extension Verb.ID {
  /// The verb `materialize`.
  public static let materialize = Verb.ID("materialize")
}

extension Verb {
  static let materialize = Verb(
    .materialize, .pin, .none,
    usage: "materialize",
    summary: "Computes now and keeps the blocks while memory allows",
    examples: [
      Example("range 1000 | materialize", "The blocks may be evicted later"),
      Example("read data/flights.csv | filter count > 500 | materialize", "Computed now, and kept while there is room", needsFiles: true),
    ],
    related: ["persist"])
}
