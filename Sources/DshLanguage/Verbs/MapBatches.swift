// The verb `map_batches`.

extension Verb.ID {
  /// The verb `map_batches`.
  public static let mapBatches = Verb.ID("map_batches")
}

extension Verb {
  static let mapBatches = Verb(
    .mapBatches, .transform, .text,
    options: [
      VerbOption("format", .choice(["arrow", "jsonl", "csv"]), "", "How batches are written to and read from the program"),
      VerbOption("batch-rows", .int(1...Limits.rows), "N", "The rows in one batch"),
      VerbOption("schema", .text, "COL:TYPE,…", "The columns the program gives back"),
    ],
    usage: "map_batches \"COMMAND\"",
    summary: "Streams batches through an external program on every node",
    examples: [
      Example("range 10 | map_batches --format=csv \"cat\"", "Rows go in and come out as CSV")
    ],
    related: ["map", "write"],
    availability: .later(instead: "`write FILE` hands rows to another program, `read FILE` takes its answer"))
}
