// The verb `pivot`.

extension Verb.ID {
  /// The verb `pivot`.
  public static let pivot = Verb.ID("pivot")
}

extension Verb {
  static let pivot = Verb(
    .pivot, .transform, .pivot,
    usage: "pivot AGG, … by COLUMN [in [VALUE, …]] [per KEY, …]",
    summary: "Computes aggregates with a column for each value of a column, or of some of them, and a row for each group",
    examples: [
      Example("range 100 | pivot count() by id % 3 in [0, 1, 2] per half = id // 50 | take", "Two rows of three counts"),
      Example(
        "read data/weather.csv | pivot mean(temp_max) by weather in [\"sun\", \"rain\"] per month = month(date) | take",
        "Months by weather",
        needsFiles: true),
      Example(
        "read data/weather.csv | pivot count() by weather per year = year(date) | take", "A column for each weather", needsFiles: true),
    ],
    related: ["unpivot", "agg"])
}
