// The verb `sample`.

extension Verb.ID {
  /// The verb `sample`.
  public static let sample = Verb.ID("sample")
}

extension Verb {
  static let sample = Verb(
    .sample, .transform, .numbers(1...1, isWhole: false),
    options: [
      VerbOption("seed", .int(0...Int64.max), "N", "The start of the random sequence; the same seed gives the same rows")
    ],
    usage: "sample FRACTION",
    summary: "Keeps a random share of the rows",
    examples: [
      Example("range 1000 | sample --seed=1 0.1", "About a hundred rows")
    ],
    related: ["limit", "shuffle"],
    availability: .later(instead: "`limit N` keeps the first rows, `filter id % 10 == 0` every tenth of a numbered dataset"))
}
