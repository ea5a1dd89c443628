// The command `undo`.

extension Command.ID {
  /// The command `undo`.
  public static let undo = Command.ID("undo")
}

extension Command {
  static let undo = Command(
    .undo, usage: "undo",
    summary: "Makes the dataset before the current one current again",
    examples: ["undo", "undo # and once more: undo"])
}
