// The verb `map`.

extension Verb.ID {
  /// The verb `map`.
  public static let map = Verb.ID("map")
}

extension Verb {
  static let map = Verb(
    .map, .transform, .bindings,
    usage: "map NAME = EXPR, …",
    summary: "Adds or replaces columns, left to right",
    examples: [
      Example("range 3 | map half = id / 2, square = id * id | take", "Later columns may use earlier ones"),
      Example(
        "read data/weather.csv | map warmth = round((temp_max + temp_min) / 2, 1) | take 3", "Columns of a file are used by their names",
        needsFiles: true),
      Example("read data/weather.csv | map round(temp_*, 0) | take 3", "Columns by a pattern are changed in their place", needsFiles: true),
    ],
    related: ["select", "filter", "flat_map"])
}
