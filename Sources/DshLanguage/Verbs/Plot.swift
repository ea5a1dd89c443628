// The verb `plot`.

extension Verb.ID {
  /// The verb `plot`.
  public static let plot = Verb.ID("plot")
}

extension Verb {
  static let plot = Verb(
    .plot, .action, .plot,
    options: [
      VerbOption("kind", .choice(["line", "scatter"]), "", "A line from point to point, or the points alone; without it, a line"),
      .outputFormat,
    ],
    usage: "plot NUMBER, … by X [per KEY, …]",
    summary: "Shows numbers over another number, a date or a timestamp: as lines or points, one for each number and key",
    examples: [
      Example("range 100 | plot sin(id / 10) by id", "A curve"),
      Example("read data/weather.csv | plot mean(temp_max), mean(temp_min) by month(date)", "Two lines of twelve points", needsFiles: true),
      Example("read data/weather.csv | plot --kind=scatter temp_max by temp_min per weather", "Points of each weather", needsFiles: true),
    ],
    related: ["hist", "bar", "agg"])
}
