// The verb `max`.

extension Verb {
  static let max = Verb(
    "max", .action, .expression,
    options: [.outputFormat],
    usage: "max EXPR",
    summary: "Gives the greatest value of an expression",
    examples: [
      Example("range 5 | max id * 2", "8"),
      Example("read data/weather.csv | max temp_max", "The largest value of a column", needsFiles: true),
    ],
    related: ["min", "agg"])
}
