// The verb `schema`.

extension Verb.ID {
  /// The verb `schema`.
  public static let schema = Verb.ID("schema")
}

extension Verb {
  static let schema = Verb(
    .schema, .action, .none,
    options: [.outputFormat, VerbOption("nested", .flag, "", "Shows what structures, lists and maps consist of as well")],
    usage: "schema",
    summary: "Shows the columns and their types; never runs data",
    examples: [
      Example("range 5 | map half = id / 2 | schema", "id and half"),
      Example("read data/weather.csv | schema", "What a file holds, without reading it all", needsFiles: true),
    ],
    related: ["explain", "stats"])
}
