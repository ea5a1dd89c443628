// The verb `join`.

extension Verb.ID {
  /// The verb `join`.
  public static let join = Verb.ID("join")
}

extension Verb {
  static let join = Verb(
    .join, .transform, .join,
    options: [
      VerbOption(
        "how", .choice(JoinHow.allCases.map(\.rawValue)), "",
        "Which rows without a partner are kept; semi and anti keep the rows of the left alone that have one, or none; asof keeps each row of the left, "
          + "with the nearest earlier row (last key >=) or later one (<=)"),
      VerbOption("suffix", .text, "TEXT", "What a name of the right gets that the left has as well; _right if nothing is said"),
      VerbOption("keep", .flag, "", "Keeps the key columns of the right too"),
    ],
    usage: "join RIGHT on KEY [== KEY2], …",
    summary: "Puts the columns of another dataset's rows with the same keys beside each row",
    examples: [
      Example("range 3 | join (range 5) on id | take", "Rows with the same id"),
      Example(
        "rows {code: \"a\", n: 1}, {code: \"b\", n: 2} | join (rows {key: \"a\", name: \"Ada\"}) on code == key --how=left | take",
        "Every row of the left, with the name where there is one"),
      Example(
        "rows {t: 3, n: 1}, {t: 9, n: 2} | join --how=asof (rows {t: 1, price: 10}, {t: 5, price: 20}) on t >= t | take",
        "With each row the latest price before it; keys before the last one are equal, as in: on symbol, t >= t"),
      Example("range 10 | join (range 5 | map double = id * 2) on id == double --how=semi | take", "The ids that double another"),
    ],
    related: ["union", "zip"])
}
