// The verb `shuffle`.

extension Verb.ID {
  /// The verb `shuffle`.
  public static let shuffle = Verb.ID("shuffle")
}

extension Verb {
  static let shuffle = Verb(
    .shuffle, .transform, .none,
    options: [.seed],
    usage: "shuffle",
    summary: "Puts the rows in random order; the same one every time",
    examples: [
      Example("range 10 | shuffle | take", "Ten rows in some order"),
      Example("range 10 | shuffle --seed=1 | take", "Another order"),
    ],
    related: ["sort", "sample"])
}
