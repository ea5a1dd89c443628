// The verb `parse`.

extension Verb.ID {
  /// The verb `parse`.
  public static let parse = Verb.ID("parse")
}

extension Verb {
  static let parse = Verb(
    .parse, .transform, .columnAndText,
    usage: "parse COLUMN r'(?<NAME>…) …'",
    summary: "Adds a column of text for each named group of a regular expression; null where the text does not match",
    examples: [
      Example("rows {line: \"7 GET /a\"} | parse line r'^(?<ms>\\d+) (?<verb>\\w+) (?<path>.*)$' | take", "ms, verb and path beside line"),
      Example(
        "rows {line: \"a=1\"}, {line: \"?\"} | parse line r'(?<key>\\w)=(?<value>\\d)' | map value = int64(value) | take",
        "A group gets another type behind it; the second row is null there"),
    ],
    related: ["map", "filter", "read"])
}
