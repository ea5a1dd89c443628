// The command `timing`.

extension Command.ID {
  /// The command `timing`.
  public static let timing = Command.ID("timing")
}

extension Command {
  static let timing = Command(
    .timing, [.optional(.choice(["on", "off"]))], usage: "timing [on|off]",
    summary: "Switches the times under results on or off",
    examples: ["timing on", "timing off"])
}
