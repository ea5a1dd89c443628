// The command `source`.

extension Command.ID {
  /// The command `source`.
  public static let source = Command.ID("source")
}

extension Command {
  static let source = Command(
    .source, [.required(.script)], usage: "source FILE",
    summary: "Runs the statements of a file",
    examples: ["source tour.dsh", "source nulls.dsh"])
}
