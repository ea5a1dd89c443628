// The verb `persist`.

extension Verb.ID {
  /// The verb `persist`.
  public static let persist = Verb.ID("persist")
}

extension Verb {
  static let persist = Verb(
    .persist, .pin, .newDataset,
    options: [
      VerbOption(
        "level", .choice(["memory", "disk", "memory+disk"]), "", "Where the blocks are kept; memory+disk: in memory as far as there is room"
      ),
      VerbOption("keep", .flag, "", "Keeps what stands before the = under that name, for other shells too, until forget NAME"),
    ],
    usage: "persist [NAME]",
    summary: "Computes now and keeps the blocks: pinned where they were made, or under a name for every later shell",
    examples: [
      Example("range 1000 | persist", "Later statements start from the pinned blocks"),
      Example("range 1000 | persist --level=disk", "In a file without a name, gone with the shell"),
      Example("late = read data/flights.csv | filter count > 500 | persist", "Named and pinned at once", needsFiles: true),
      Example("range 1000 | persist numbers", "A file in the folder of kept datasets: the next shell has numbers at once"),
      Example("numbers = range 1000 | persist --keep", "The same, named in front"),
    ],
    related: ["materialize", "unpersist", "write"])
}
