// The verb `sample`.

extension Verb.ID {
  /// The verb `sample`.
  public static let sample = Verb.ID("sample")
}

extension Verb {
  static let sample = Verb(
    .sample, .transform, .numbers(0...1, isWhole: false),
    options: [
      VerbOption("rows", .int(0...Limits.rows), "N", "Keeps exactly so many rows, if there are as many"),
      .seed,
    ],
    usage: "sample FRACTION",
    summary: "Keeps a random share of the rows, in their order; the same ones every time",
    examples: [
      Example("range 1000 | sample 0.1 | count", "About a hundred rows"),
      Example("range 1000 | sample --rows=5 --seed=7 | take", "Five rows, chosen otherwise than without a seed"),
    ],
    related: ["limit", "shuffle"])
}

extension VerbOption {
  /// The option of everything that chooses by chance.
  static let seed = VerbOption("seed", .int(0...Int64.max), "N", "Another seed chooses otherwise; without it, 0")
}
