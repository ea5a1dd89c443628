// The command `forget`.

extension Command.ID {
  /// The command `forget`.
  public static let forget = Command.ID("forget")
}

extension Command {
  static let forget = Command(
    .forget, [.required(.keptDataset)], usage: "forget NAME",
    summary: "Removes a kept dataset for good; what it was made from stays",
    examples: ["forget trips", "forget late"], isDestructive: true)
}
