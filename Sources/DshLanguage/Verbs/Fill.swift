// The verb `fill`.

extension Verb.ID {
  /// The verb `fill`.
  public static let fill = Verb.ID("fill")
}

extension Verb {
  static let fill = Verb(
    .fill, .transform, .fills,
    options: [
      VerbOption("forward", .flag, "", "Takes the last value above that is not null, of rows with the same keys where keys are named")
    ],
    usage: "fill NAME = VALUE, … or fill --forward NAME, … [by KEY, …]",
    summary: "Puts values in the place of nulls",
    examples: [
      Example("rows {a: 1, b: null}, {a: null, b: \"x\"} | fill a = 0, b = \"none\" | take", "No nulls are left"),
      Example("rows {t: 1, x: 5}, {t: 2, x: null}, {t: 3, x: 7} | fill --forward x | take", "The 5 goes on until there is a 7"),
    ],
    related: ["map", "filter"])
}
