// The verb `take_batch`.

extension Verb {
  static let takeBatch = Verb(
    "take_batch", .action, .count(isOptional: true),
    options: [.outputFormat],
    usage: "take_batch [N]",
    summary: "Shows the first rows column by column, 20 where no number is given",
    examples: [
      Example("range 100 | take_batch 3", "The first three rows as one list"),
      Example("read data/weather.csv | take_batch 3", "A line for each column", needsFiles: true),
    ],
    related: ["take"])
}
