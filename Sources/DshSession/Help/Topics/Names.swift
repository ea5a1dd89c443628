// The topic `names`.

extension Article {
  static let names = Article(
    "names", synonyms: ["name", "columns", "column", "backticks", "identifiers"],
    summary: "How columns, datasets and scalars are named",
    lines: [
      "A bare word in an expression is a column. A name has letters, digits and _, and begins with no digit.",
      "Any other name of a column stands in backticks, and a backtick in it is doubled.", "",
    ]
      + Help.aligned([
        ("delay", "a column"), ("`Unit Price`", "a column with a blank, a dot, or anything else"), ("$n", "a scalar"),
        ("late", "at the start of a statement: a dataset"), ("_  _3", "the current dataset, and the third that was made"),
        ("price_*", "in select and drop: all columns whose names begin so"),
      ]),
    examples: [
      Example("rows {`Unit Price`: 3} | map twice = `Unit Price` * 2 | take"),
      Example("rows {a: 1, b: 2} | rename `a.b` = a | select `a.b` | take"),
    ], related: ["_", "let", "rename", "select"])
}
