// The verb `stats`.

extension Verb.ID {
  /// The verb `stats`.
  public static let stats = Verb.ID("stats")
}

extension Verb {
  static let stats = Verb(
    .stats, .action, .none,
    options: [.outputFormat],
    usage: "stats",
    summary: "Runs the plan and shows it with measured rows, bytes, time and movement; alone, what the action before did",
    examples: [
      Example("range 100 | filter id > 5 | stats", "The plan as it ran"),
      Example("read data/flights.csv | agg n = count() by origin | stats", "Stages, tasks, rows and bytes", needsFiles: true),
    ],
    related: ["explain"])
}
