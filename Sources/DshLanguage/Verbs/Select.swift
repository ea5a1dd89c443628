// The verb `select`.

extension Verb.ID {
  /// The verb `select`.
  public static let select = Verb.ID("select")
}

extension Verb {
  static let select = Verb(
    .select, .transform, .selection,
    usage: "select NAME, NAME = EXPR, PATTERN, … [* except NAME, …]",
    summary: "Keeps exactly these columns, in this order",
    examples: [
      Example("rows {a: 1, b: 2, c: 3} | select c, total = a + b | take", "A column and a computed one"),
      Example("rows {a: 1, b: 2, c: 3} | select * except b | take", "All but one"),
      Example("rows {price_net: 1, price_gross: 2, id: 3} | select price_* | take", "All whose names fit a pattern"),
    ],
    related: ["drop", "rename", "map"])
}
