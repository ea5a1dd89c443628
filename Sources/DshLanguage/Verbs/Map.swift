// The verb `map`.

extension Verb {
  static let map = Verb(
    "map", .transform, .bindings,
    usage: "map NAME = EXPR, …",
    summary: "Adds or replaces columns, left to right",
    examples: [
      Example("range 3 | map half = id / 2, square = id * id | take", "Later columns may use earlier ones")
    ],
    related: ["select", "filter", "flat_map"])
}
