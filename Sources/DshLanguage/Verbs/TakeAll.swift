// The verb `take_all`.

extension Verb.ID {
  /// The verb `take_all`.
  public static let takeAll = Verb.ID("take_all")
}

extension Verb {
  static let takeAll = Verb(
    .takeAll, .action, .none,
    options: [
      .outputFormat,
      VerbOption("max-bytes", .size, "SIZE", "The most bytes that are brought to the shell"),
      VerbOption("force", .flag, "", "Goes on over the limit"),
    ],
    usage: "take_all",
    summary: "Shows every row; says the size first and refuses over the limit",
    examples: [
      Example("range 5 | take_all", "All five rows"),
      Example("read data/countries.csv | take_all --format=csv", "All of a small file, as text", needsFiles: true),
    ],
    related: ["take", "write"],
    advice: Advice(whenNotLast: "leave it out", whenNamed: "use limit"))
}
