// The command `set`.

extension Command.ID {
  /// The command `set`.
  public static let set = Command.ID("set")
}

extension Command {
  static let set = Command(
    .set, [.optional(.settingName), .optional(.settingValue)], options: [.outputFormat], usage: "set [NAME [VALUE]]",
    summary: "Shows or changes settings",
    examples: ["set", "set width 0", "set width default"])
}
