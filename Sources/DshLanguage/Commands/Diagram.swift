// The command `diagram`.

extension Command.ID {
  /// The command `diagram`.
  public static let diagram = Command.ID("diagram")
}

extension Command {
  static let diagram = Command(
    .diagram,
    options: [
      VerbOption("format", .choice(["mermaid", "text"]), "", "A Mermaid flowchart, or a drawing for the terminal; mermaid where not given")
    ], usage: "diagram",
    summary: "Draws what the last action did: nodes, tasks, stores, blocks, and what moved",
    examples: ["diagram", "diagram --format=text"])
}
