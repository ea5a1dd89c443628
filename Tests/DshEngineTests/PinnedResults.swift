// Results of functions as DuckDB 2.0 and Python 3 give them.

enum PinnedResults {
  /// An expression and its result in each line.
  static let lines = [texts, numbers, dates, timestampsAndCasts].joined(separator: "\n")
}
