// The verb `top`.

extension Verb.ID {
  /// The verb `top`.
  public static let top = Verb.ID("top")
}

extension Verb {
  static let top = Verb(
    .top, .transform, .top,
    usage: "top N by KEY [desc], …",
    summary: "Keeps the first rows in the order of the keys",
    examples: [
      Example("range 100 | top 3 by id desc", "The three largest")
    ],
    related: ["sort", "limit"],
    availability: .later(instead: "`sort KEY desc | limit N` gives the same rows"))
}
