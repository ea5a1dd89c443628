// The verb `split`.

extension Verb.ID {
  /// The verb `split`.
  public static let split = Verb.ID("split")
}

extension Verb {
  static let split = Verb(
    .split, .transform, .numbers(1...15, isWhole: false),
    options: [
      VerbOption("part", .int(1...16), "K", "Gives that part alone; the last one is what the shares leave"),
      .seed,
    ],
    usage: "split SHARE, …",
    summary: "Gives each of several names (NAME, NAME = …) a random share of the rows, in their order; the last one gets the rest",
    examples: [
      Example("train, test = range 100 | split 0.8", "train has about 80 rows, and test the others"),
      Example("train, valid, test = range 100 | split 0.6, 0.2 --seed=7", "Three parts, chosen otherwise"),
      Example("range 100 | split 0.8 --part=2 | count", "The second part alone"),
    ],
    related: ["sample", "shuffle"])
}
