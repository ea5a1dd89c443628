// The verb `unpersist`.

extension Verb.ID {
  /// The verb `unpersist`.
  public static let unpersist = Verb.ID("unpersist")
}

extension Verb {
  static let unpersist = Verb(
    .unpersist, .pin, .none,
    usage: "unpersist",
    summary: "Releases the pins of a dataset",
    examples: [
      Example("unpersist", "The current dataset is no longer pinned"),
      Example("late | unpersist", "The pins of a named dataset are released"),
    ],
    related: ["persist"])
}
