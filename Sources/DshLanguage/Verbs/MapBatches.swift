// The verb `map_batches`.

extension Verb.ID {
  /// The verb `map_batches`.
  public static let mapBatches = Verb.ID("map_batches")
}

extension Verb {
  static let mapBatches = Verb(
    .mapBatches, .transform, .text(unless: "python"),
    options: [
      VerbOption(
        "format", .choice(["jsonl", "csv", "arrow"]), "",
        "How rows are written to the program and read from it; without it, jsonl. arrow is Arrow's streaming format"),
      VerbOption(
        "python", .text, "FILE.py:FUNCTION",
        "A function of Python instead of a command: it gets each batch as a data frame and gives one back, in processes that stay"),
      VerbOption(
        "frames", .choice(["pandas", "polars", "arrow"]), "", "What batches are for a function of Python; without it, data frames of pandas"
      ),
      VerbOption(
        "batch-rows", .int(1...Limits.batchRows), "N", "The rows that are handed over at a time; without it, 4096, or 65536 to a function"),
      VerbOption(
        "schema", .list, "COL:TYPE,…",
        "The columns that the program answers; without it, it is run once with the first 100 rows to find out"),
    ],
    usage: "map_batches \"COMMAND\"|--python=FILE.py:FUNCTION",
    summary:
      "Streams the rows of each block through a program, which /bin/sh runs on the block's node, or a function of Python, and takes the rows that it answers",
    examples: [
      Example("range 3 | map_batches --format=csv \"cat\" | take", "Rows go in and come out as CSV"),
      Example(
        "range 1000 | map_batches --format=csv --schema=\"n:int64\" \"awk 'NR > 1 { s += $1 } END { print s }'\" | take",
        "A line of any program is a row; --schema names its columns"),
    ],
    related: ["map", "flat_map", "write"])
}
