// The verb `to_pandas`.

extension Verb.ID {
  /// The verb `to_pandas`.
  public static let toPandas = Verb.ID("to_pandas")
}

extension Verb {
  static let toPandas = Verb(
    .toPandas, .action, .paths(0...1),
    usage: "to_pandas [PATH]",
    summary: "Hands the whole dataset to Python through Arrow",
    examples: [
      Example("range 10 | to_pandas", "A file that Python maps")
    ],
    related: ["write"],
    availability: .later(instead: "`write FILE` makes a file that Python can read"))
}
