// The verb `shuffle`.

extension Verb.ID {
  /// The verb `shuffle`.
  public static let shuffle = Verb.ID("shuffle")
}

extension Verb {
  static let shuffle = Verb(
    .shuffle, .transform, .none,
    options: [
      VerbOption("seed", .int(0...Int64.max), "N", "The start of the random sequence; the same seed gives the same rows")
    ],
    usage: "shuffle",
    summary: "Puts the rows in random order",
    examples: [
      Example("range 10 | shuffle --seed=1", "Ten rows in some order")
    ],
    related: ["sort", "sample"],
    availability: .later(instead: "`sort KEY` brings rows in another order"))
}
