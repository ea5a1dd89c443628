// The verb `top`.

extension Verb.ID {
  /// The verb `top`.
  public static let top = Verb.ID("top")
}

extension Verb {
  static let top = Verb(
    .top, .transform, .top,
    usage: "top N by KEY [asc], … [per KEY, …]",
    summary: "Keeps the rows with the largest keys, the largest first; with per, of each group",
    examples: [
      Example("range 100 | top 3 by id | take", "The three largest"),
      Example("range 100 | top 2 by id per rest = id % 3 | take", "The two largest of each rest, by rest"),
      Example("read data/weather.csv | top 5 by temp_max, date asc | take", "The hottest days", needsFiles: true),
    ],
    related: ["sort", "limit"])
}
