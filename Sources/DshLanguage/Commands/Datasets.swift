// The command `datasets`.

extension Command.ID {
  /// The command `datasets`.
  public static let datasets = Command.ID("datasets")
}

extension Command {
  static let datasets = Command(
    .datasets, options: [.outputFormat], usage: "datasets",
    summary: "Shows every dataset made so far, and those that are kept for later shells",
    examples: ["datasets", "datasets --format=json"])
}
