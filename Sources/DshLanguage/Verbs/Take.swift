// The verb `take`.

extension Verb {
  static let take = Verb(
    "take", .action, .count(isOptional: true),
    options: [.outputFormat],
    usage: "take [N]",
    summary: "Shows the first rows, 20 where no number is given; only those rows move",
    examples: [
      Example("range 100 | take 3", "The first three rows")
    ],
    related: ["limit", "show", "take_all", "take_batch"])
}
