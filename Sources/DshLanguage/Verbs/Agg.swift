// The verb `agg`.

extension Verb.ID {
  /// The verb `agg`.
  public static let agg = Verb.ID("agg")
}

extension Verb {
  static let agg = Verb(
    .agg, .transform, .aggregation,
    usage: "agg NAME = AGG(…), … [by KEY, …]",
    summary: "Aggregates all rows, or the rows of each group",
    examples: [
      Example("range 10 | agg rows = count(), total = sum(id) | take", "One row for all"),
      Example("range 10 | agg count(), mean(id) by odd = id % 2 | take", "One row per key; a key may be an expression with a name"),
      Example(
        "range 10 | agg share = (count() where id > 6) / count() | take", "An aggregate of the rows alone for which a condition holds"),
      Example(
        "read data/weather.csv | agg mean(temp_*), null_share(*:text) | take",
        "One aggregate for each column by a pattern, or by a type: number, text, time, list, struct or a type's name; * except (a, b)",
        needsFiles: true),
    ],
    related: ["distinct", "sort", "count", "sum"])
}
