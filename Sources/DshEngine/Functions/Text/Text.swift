// The list of text functions.

extension FunctionRegistry {
  static let text: [Function] =
    letterCase + trimming + lengths + parts + searching + replacing + splitting + padding + joining + regularExpressions
    + regexSearching + encoding + distances + characters + formatting + occurrences
}
