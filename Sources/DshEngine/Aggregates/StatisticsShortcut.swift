// Aggregates that statistics of blocks answer, without a look at a row.

import DshColumns
import DshPlan

/// What of the statistics of blocks is the result of an aggregate over a column of them.
public enum StatisticsShortcut: Sendable {
  /// The rows, or those that are not null.
  case count
  case least
  case greatest

  /// The result over some blocks; nil if the statistics don't tell.
  ///
  /// - Parameters:
  ///   - column: the statistics of the argument, block by block; nil where there is no argument.
  ///   - rowCounts: the rows of each block.
  public func result(_ column: [ColumnStatistics]?, rowCounts: [Int]) -> Value? {
    switch self {
    case .count: return .int64(Int64(rowCounts.reduce(0, +) - (column?.reduce(0) { $0 + $1.nullCount } ?? 0)))
    case .least: return extreme(column, \.least) { $0 < 0 }
    case .greatest: return extreme(column, \.greatest) { $0 > 0 }
    }
  }

  private func extreme(
    _ column: [ColumnStatistics]?, _ value: KeyPath<ColumnStatistics, Value?>, _ isBetter: (Int) -> Bool
  ) -> Value? {
    guard let column, column.allSatisfy(\.knowsExtremes) else { return nil }
    var best: Value?
    for found in column.compactMap({ $0[keyPath: value] }) {
      guard let known = best else {
        best = found
        continue
      }
      guard let order = found.order(to: known) else { return nil }
      if isBetter(order) { best = found }
    }
    // Zero has two signs, and only the rows tell which came first.
    if case .float64(0)? = best { return nil }
    return best ?? .null
  }
}
