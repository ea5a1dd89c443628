// The verb `flat_map`.

extension Verb.ID {
  /// The verb `flat_map`.
  public static let flatMap = Verb.ID("flat_map")
}

extension Verb {
  static let flatMap = Verb(
    .flatMap, .transform, .bindings,
    usage: "flat_map NAME = LIST_EXPR",
    summary: "Makes one row of each element of a list",
    examples: [
      Example("rows {line: \"a b c\"} | flat_map word = split(line, \" \")", "One row per word")
    ],
    related: ["map"],
    availability: .later(instead: "`map word = …` makes one value per row"))
}
