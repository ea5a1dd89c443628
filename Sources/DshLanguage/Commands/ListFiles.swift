// The command `ls`.

extension Command.ID {
  /// The command `ls`.
  public static let listFiles = Command.ID("ls")
}

extension Command {
  static let listFiles = Command(
    .listFiles, [.anyNumber(of: .path)],
    options: [
      VerbOption("long", .flag, "", "The size of each, and when it was changed", letter: "l"),
      VerbOption("all", .flag, "", "Those whose names begin with a dot too", letter: "a"), .outputFormat,
    ], usage: "ls [-l] [-a] [PATH …]",
    summary: "Lists folders and the files that fit globs",
    examples: ["ls", "ls -l data", "ls data/*.csv"])
}
