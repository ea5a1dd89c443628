// The verb `zip`.

extension Verb.ID {
  /// The verb `zip`.
  public static let zip = Verb.ID("zip")
}

extension Verb {
  static let zip = Verb(
    .zip, .transform, .datasets(1...1),
    usage: "zip OTHER",
    summary: "Puts the columns of another dataset beside, row by row",
    examples: [
      Example("range 2 | zip (range 2 | rename other = id)", "Two columns")
    ],
    related: ["join", "union"],
    availability: .later(instead: "`map` computes columns of the same row"))
}
