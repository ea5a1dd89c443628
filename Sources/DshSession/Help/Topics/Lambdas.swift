// The topic `lambdas`.

extension Article {
  static let lambdas = Article(
    "lambdas", synonyms: ["lambda", "->", "closures", "comprehension"],
    summary: "Functions that are handed to functions of lists, such as x -> x + 1",
    lines: Help.aligned([
      ("x -> x + 1", "one parameter, an arrow, and what it gives"), ("(a, x) -> a + x", "several parameters stand in parentheses"),
      ("list_map(xs, x -> x * n)", "the columns of the row are there too; a parameter hides a column of its name"),
      ("x -> list_map(ys, y -> x * y)", "lambdas may stand in one another"),
      ("list_reduce(xs, (a, x) -> …, 0)", "what it gives is the next a; the start decides what kind of value that is"),
      ("filter list_any(xs, x -> x > 9)", "they stand wherever an expression may"),
    ]),
    examples: [
      Example("list_map([1, 2, 3], x -> x * 10)", "[10, 20, 30]"), Example("list_filter([\"a\", \"\"], w -> w != \"\")", "[a]"),
      Example("list_reduce([1, 2, 3], (a, x) -> a + x, 0)", "6"),
    ], related: ["list_map", "list_filter", "list_reduce", "list_any", "list_sort_by", "def"])
}
