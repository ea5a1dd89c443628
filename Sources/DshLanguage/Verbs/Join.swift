// The verb `join`.

extension Verb.ID {
  /// The verb `join`.
  public static let join = Verb.ID("join")
}

extension Verb {
  static let join = Verb(
    .join, .transform, .join,
    options: [
      VerbOption("how", .choice(["inner", "left", "right", "full", "semi", "anti"]), "", "Which rows without a partner are kept")
    ],
    usage: "join RIGHT on KEY [== KEY2], …",
    summary: "Joins the rows of another dataset that have the same keys",
    examples: [
      Example("range 3 | join (range 5) on id", "Rows with the same id")
    ],
    related: ["union", "zip"],
    availability: .later(instead: "`union` puts datasets under each other, and `agg … by KEY` brings rows with the same key together"))
}
