// Tells which rows of a batch could come before the last of those that are known: what keeps a top-N from sorting everything.

import DshColumns
import DshPlan

/// The last row of a sorted batch as a threshold.
struct RowThreshold {
  private let last: Batch
  private let keys: [SortColumn]

  init(_ sorted: Batch, keys: [SortColumn]) {
    last = sorted.slice(from: sorted.rowCount - 1, count: 1)
    self.keys = keys
  }

  /// The rows that come before the threshold, and perhaps some that equal it in the first key. Of rows that equal it in all keys the threshold
  /// came first.
  func rowsBefore(in batch: Batch) -> Bitmap {
    let key = keys[0]
    let (column, bound) = (batch.columns[key.index], last.columns[key.index])
    let mayEqual = keys.count > 1
    if bound.isValid(0) {
      switch column.type {
      case .int64, .timestamp:
        if let rows = compare(column, bound, Int64.self, key.descending, mayEqual) { return rows }
      case .date:
        if let rows = compare(column, bound, Int32.self, key.descending, mayEqual) { return rows }
      case .float64:
        if let rows = compareFloats(column, bound, key.descending, mayEqual) { return rows }
      default: break
      }
    }
    let order = KeyOrder(keys: keys, left: batch.columns, right: last.columns)
    return rows(of: batch.rowCount) { order.compare($0, 0) < 0 }
  }

  private func compare<Number: FixedWidthInteger & BitwiseCopyable>(
    _ column: Column, _ bound: Column, _ type: Number.Type, _ descending: Bool, _ mayEqual: Bool
  ) -> Bitmap? {
    guard let values = column.fixed(type), let limit = bound.fixed(type)?[0] else { return nil }
    let selection =
      switch (descending, mayEqual) {
      case (false, false): rows(of: column.count) { values[$0] < limit }
      case (false, true): rows(of: column.count) { values[$0] <= limit }
      case (true, false): rows(of: column.count) { values[$0] > limit }
      case (true, true): rows(of: column.count) { values[$0] >= limit }
      }
    return valid(selection, column)
  }

  /// NaN follows every number, so it never comes before one in ascending order and always in descending order.
  private func compareFloats(_ column: Column, _ bound: Column, _ descending: Bool, _ mayEqual: Bool) -> Bitmap? {
    guard let values = column.fixed(Double.self), let limit = bound.fixed(Double.self)?[0], !limit.isNaN else { return nil }
    let selection =
      switch (descending, mayEqual) {
      case (false, false): rows(of: column.count) { values[$0] < limit }
      case (false, true): rows(of: column.count) { values[$0] <= limit }
      case (true, false): rows(of: column.count) { !(values[$0] <= limit) }
      case (true, true): rows(of: column.count) { !(values[$0] < limit) }
      }
    return valid(selection, column)
  }

  /// Nulls come last, behind any threshold that is a value.
  private func valid(_ selection: Bitmap, _ column: Column) -> Bitmap {
    guard let validity = column.validity else { return selection }
    return .make(count: column.count) { selection.word($0) & validity.word($0) }
  }

  /// A bit for each row.
  @inline(__always) private func rows(of count: Int, where condition: (Int) -> Bool) -> Bitmap {
    .make(count: count) { wordIndex in
      let first = wordIndex * 64
      var word: UInt64 = 0
      for bit in 0..<min(64, count - first) where condition(first + bit) { word |= 1 &<< UInt64(bit) }
      return word
    }
  }
}
