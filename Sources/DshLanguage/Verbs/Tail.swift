// The verb `tail`.

extension Verb.ID {
  /// The verb `tail`.
  public static let tail = Verb.ID("tail")
}

extension Verb {
  static let tail = Verb(
    .tail, .transform, .count(isOptional: false),
    usage: "tail N",
    summary: "Keeps the last rows, in their order",
    examples: [
      Example("range 100 | tail 3 | take", "97, 98 and 99"),
      Example("range 100 | sort id desc | tail 2 | take", "The last ones of an order"),
    ],
    related: ["limit", "take", "show"])
}
