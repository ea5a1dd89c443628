// The verb `persist`.

extension Verb.ID {
  /// The verb `persist`.
  public static let persist = Verb.ID("persist")
}

extension Verb {
  static let persist = Verb(
    .persist, .pin, .none,
    options: [
      VerbOption(
        "level", .choice(["memory", "disk", "memory+disk"]), "", "Where the blocks are kept; memory+disk: in memory as far as there is room"
      )
    ],
    usage: "persist",
    summary: "Computes now and keeps every block pinned in the store of the node that made it",
    examples: [
      Example("range 1000 | persist", "Later statements start from the pinned blocks"),
      Example("range 1000 | persist --level=disk", "In a file without a name, gone with the shell"),
      Example("late = read data/flights.csv | filter count > 500 | persist", "Named and pinned at once", needsFiles: true),
    ],
    related: ["materialize", "unpersist"])
}
