// The command `refresh`.

extension Command.ID {
  /// The command `refresh`.
  public static let refresh = Command.ID("refresh")
}

extension Command {
  static let refresh = Command(
    .refresh, [.required(.keptDataset)], usage: "refresh NAME",
    summary: "Computes a kept dataset anew from its inputs as they are now, and puts it in the place of the old one",
    examples: ["refresh trips", "refresh late"])
}
