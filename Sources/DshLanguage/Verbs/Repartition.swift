// The verb `repartition`.

extension Verb.ID {
  /// The verb `repartition`.
  public static let repartition = Verb.ID("repartition")
}

extension Verb {
  static let repartition = Verb(
    .repartition, .transform, .count(isOptional: false),
    options: [
      VerbOption("by", .list, "KEY,…", "Brings rows with the same keys into the same block")
    ],
    usage: "repartition N",
    summary: "Cuts the rows into that many blocks",
    examples: [
      Example("range 100 | repartition 4", "Four blocks")
    ],
    related: ["read"],
    availability: .later(instead: "`read --blocks=N` and `range --blocks=N` cut at the source"))
}
