// The verb `range`.

extension Verb.ID {
  /// The verb `range`.
  public static let range = Verb.ID("range")
}

extension Verb {
  static let range = Verb(
    .range, .source, .numbers(1...3, isWhole: true),
    options: [
      VerbOption("blocks", .int(1...Limits.blocks), "N", "The number of blocks the rows are cut into")
    ],
    usage: "range N  or  range A, B [, STEP]",
    summary: "Makes whole numbers in one column `id`",
    examples: [
      Example("range 5 | take", "The numbers 0 to 4"),
      Example("range 10, 20, 2 | count", "10, 12, 14, 16 and 18"),
    ],
    related: ["rows", "read"])
}
