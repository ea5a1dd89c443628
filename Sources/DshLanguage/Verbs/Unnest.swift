// The verb `unnest`.

extension Verb.ID {
  /// The verb `unnest`.
  public static let unnest = Verb.ID("unnest")
}

extension Verb {
  static let unnest = Verb(
    .unnest, .transform, .columns(isOptional: false),
    options: [
      VerbOption(
        "suffix", .text, "TEXT", "What the name of a field gets that a column has already; _ and the struct's name if nothing is said")
    ],
    usage: "unnest STRUCT, …",
    summary:
      "Makes columns of the fields of a struct, in its place; each row stays one, while flat_map makes a row of each element of a list",
    examples: [
      Example("rows {id: 1, place: {city: \"Oslo\", code: 47}} | unnest place | take", "city and code instead of place"),
      Example("rows {id: 1, s: {id: 2}} | unnest s | take", "id and id_s"),
      Example(
        "rows {id: 1, list: [{a: 1, b: 2}, {a: 3, b: 4}]} | flat_map item = list | drop list | unnest item | take",
        "A row of each element, and then columns of its fields"),
    ],
    related: ["flat_map", "select"])
}
