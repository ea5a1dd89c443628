// The command `def`.

extension Command.ID {
  /// The command `def`.
  public static let definition = Command.ID("def")
}

extension Command {
  static let definition = Command(
    .definition, [.optional(.definition)], options: [.outputFormat], usage: "def [NAME[(PARAMETER, …) = EXPR]]",
    summary: "Names an expression with parameters, used like a function; without an expression shows it, alone shows all",
    examples: ["def hours(minutes) = minutes / 60", "def"])
}
