// The verb `zip`.

extension Verb.ID {
  /// The verb `zip`.
  public static let zip = Verb.ID("zip")
}

extension Verb {
  static let zip = Verb(
    .zip, .transform, .datasets(1...1),
    usage: "zip OTHER",
    summary: "Puts the columns of another dataset with as many rows beside, row by row; of equal names the second gets _right behind it",
    examples: [
      Example("range 3 | zip (range 10, 13 | rename other = id) | take", "Two columns"),
      Example("range 3 | zip (range 3 | shuffle) | take", "id and id_right"),
    ],
    related: ["join", "union"])
}
