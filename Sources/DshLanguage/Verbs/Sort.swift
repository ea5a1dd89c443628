// The verb `sort`.

extension Verb.ID {
  /// The verb `sort`.
  public static let sort = Verb.ID("sort")
}

extension Verb {
  static let sort = Verb(
    .sort, .transform, .sortKeys,
    usage: "sort KEY [desc], …",
    summary: "Sorts by one or more keys; nulls come last",
    examples: [
      Example("range 5 | sort id desc | take", "Falling"),
      Example("rows {a: 1, b: 2}, {a: 1, b: 1} | sort a, b | take", "Ties are settled by the next key"),
    ],
    related: ["top", "limit"])
}
