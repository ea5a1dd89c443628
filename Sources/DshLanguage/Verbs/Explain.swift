// The verb `explain`.

extension Verb {
  static let explain = Verb(
    "explain", .action, .none,
    usage: "explain",
    summary: "Shows the plan with estimates; runs nothing",
    examples: [
      Example("range 100 | filter id > 5 | explain", "The plan of two stages")
    ],
    related: ["stats", "schema"])
}
