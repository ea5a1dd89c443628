// The verb `stats`.

extension Verb {
  static let stats = Verb(
    "stats", .action, .none,
    options: [.outputFormat],
    usage: "stats",
    summary: "Runs the plan and shows it with measured rows, bytes, time and movement",
    examples: [
      Example("range 100 | filter id > 5 | stats", "The plan as it ran")
    ],
    related: ["explain"])
}
