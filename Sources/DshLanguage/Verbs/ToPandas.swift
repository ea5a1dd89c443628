// The verb `to_pandas`.

extension Verb.ID {
  /// The verb `to_pandas`.
  public static let toPandas = Verb.ID("to_pandas")
}

extension Verb {
  static let toPandas = Verb(
    .toPandas, .action, .paths(0...1),
    options: [
      VerbOption("max-bytes", .size, "SIZE", "The most bytes that are handed over"),
      VerbOption("force", .flag, "", "Goes on over the limit, and replaces a file that is there"),
    ],
    usage: "to_pandas [PATH]",
    summary: "Opens Python with all rows as the data frame df, or writes the file (Feather) that pandas and Polars read",
    examples: [
      Example("range 10 | to_pandas numbers.feather", "A file for pandas.read_feather", needsFiles: true),
      Example("read data/weather.csv | filter wind > 5 | to_pandas --force windy.feather", "Replaces one that is there", needsFiles: true),
    ],
    related: ["write", "take_all"],
    advice: Advice(whenNotLast: "leave it out", whenNamed: "use write"))
}
