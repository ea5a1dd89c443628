// The verb `rename`.

extension Verb.ID {
  /// The verb `rename`.
  public static let rename = Verb.ID("rename")
}

extension Verb {
  static let rename = Verb(
    .rename, .transform, .renames,
    usage: "rename NEW = OLD, …",
    summary: "Gives columns new names",
    examples: [
      Example("range 3 | rename number = id | take", "The column id is called number now"),
      Example("read data/flights.csv | rename flights = count, start = origin | take 3", "Several at once", needsFiles: true),
    ],
    related: ["select", "map"])
}
