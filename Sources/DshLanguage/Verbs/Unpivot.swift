// The verb `unpivot`.

extension Verb.ID {
  /// The verb `unpivot`.
  public static let unpivot = Verb.ID("unpivot")
}

extension Verb {
  static let unpivot = Verb(
    .unpivot, .transform, .columns(isOptional: false),
    options: [
      VerbOption("name", .text, "NAME", "The column that gets the names; without it, name"),
      VerbOption("value", .text, "NAME", "The column that gets the values; without it, value"),
    ],
    usage: "unpivot NAME, …",
    summary: "Makes of each row a row for each of some columns, with its name and its value; the other columns are repeated",
    examples: [
      Example("rows {city: \"Oslo\", jan: -4, jul: 17} | unpivot jan, jul | take", "A row for each month"),
      Example("rows {id: 1, x_a: 1.5, x_b: 2} | unpivot --name=letter x_* | take", "Columns by a pattern, and another name"),
    ],
    related: ["pivot", "flat_map"])
}
