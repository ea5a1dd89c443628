// The topic `null`.

extension Article {
  static let null = Article(
    "null", synonyms: ["nulls", "missing", "na"], summary: "What stands where there is no value, and what becomes of it",
    lines: [
      "There is one null. It is neither an empty text nor NaN.", "",
    ]
      + Help.aligned([
        ("x == null  x != null", "whether there is no value, or one"), ("x ?? 0", "the value, or another where there is none"),
        ("x + null", "null, as from most functions"), ("x > null", "null; filter keeps only what is true"),
        ("and, or, not", "null where it decides: false and null is false"),
        ("agg, sum, mean", "nulls are skipped; count() counts rows, count(x) values"),
        ("sort", "nulls come last, whichever the direction"), ("agg … by", "nulls are a group of their own"),
        ("read", "empty cells are null; read --null=NA,- names other texts"),
      ]),
    examples: [
      Example("null + 1", "null"), Example("null == null", "true"), Example("false and null", "false"), Example("null ?? 0", "0"),
      Example("\"\" == null", "false"), Example("rows {x: 1}, {x: null} | agg count(), count(x), sum(x) | take"),
    ], related: ["coalesce", "nullif", "is_null", "types"])
}
