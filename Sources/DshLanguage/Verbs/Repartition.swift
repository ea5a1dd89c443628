// The verb `repartition`.

extension Verb.ID {
  /// The verb `repartition`.
  public static let repartition = Verb.ID("repartition")
}

extension Verb {
  static let repartition = Verb(
    .repartition, .transform, .count(isOptional: true),
    options: [
      VerbOption("bytes", .size, "SIZE", "Cuts blocks of about that size, instead of a number of them"),
      VerbOption("by", .list, "NAME,…", "Brings rows with the same values into the same block; their order becomes that of the blocks"),
    ],
    usage: "repartition N",
    summary: "Cuts the rows, in their order, into so many blocks with about the same number of rows",
    examples: [
      Example("range 100 | repartition 4 | persist", "Four blocks of 25 rows"),
      Example("range 100 | map k = id % 3 | repartition 2 --by=k | persist", "Rows with the same k lie in the same block"),
    ],
    related: ["read", "persist"])
}
