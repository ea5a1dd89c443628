// The command `def`.

extension Command {
  static let definition = Command(
    "def", [.optional(.definition)], options: [.outputFormat], usage: "def [NAME[(PARAMETER, …) = EXPR]]",
    summary: "Names an expression with parameters, used like a function; without an expression shows it, alone shows all",
    examples: ["def hours(minutes) = minutes / 60", "def"])
}
