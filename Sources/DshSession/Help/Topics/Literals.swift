// The topic `literals`.

extension Article {
  static let literals = Article(
    "literals", synonyms: ["literal", "strings", "numbers", "constants", "quotes", "escapes"],
    summary: "How numbers, texts and other constants are written",
    lines: Help.aligned([
      ("42  1_000_000", "whole numbers"), ("3.5  1e6", "floating point numbers"),
      ("'text'  \"text\"", "texts; \\n \\t \\r \\\\ \\' \\\" \\xHH \\u{HHHH} stand for characters"),
      ("r'\\d+'", "a text in which a backslash is a backslash, for regular expressions"),
      ("true  false  null", "truth values, and no value"), ("[1, 2, 3]", "a list"),
      ("{a: 1, b: x}", "a structure"),
      ("date(\"2024-01-31\")", "a date; a text compared with a date is read as one"),
      ("timestamp(\"2024-01-31 10:00\")", "a point of time"), ("$n", "the scalar that `let n = …` or --set n=… made"),
    ]),
    examples: [
      Example("1_000 * 2", "2000"), Example("length(\"Zo\\u{eb}\")", "3"), Example("\"a1\" ~ r'^\\w\\d$'", "true"),
      Example("date(\"2024-01-31\") < date(\"2024-02-01\")", "true"),
    ], related: ["let", "types", "dates"])
}
