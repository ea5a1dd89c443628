// Tells which rows of a batch could come before the last of those that are known: what keeps a top-N from sorting everything.

import DshColumns
import DshPlan

/// A row as a threshold.
struct RowThreshold {
  private let last: Batch
  private let keys: [SortColumn]
  /// Whether rows that equal the threshold pass it.
  private let keepsEqual: Bool

  /// The last row of a sorted batch, which came before all that are looked at.
  init(_ sorted: Batch, keys: [SortColumn]) {
    last = sorted.slice(from: sorted.rowCount - 1, count: 1)
    self.keys = keys
    keepsEqual = false
  }

  /// A value of the first key, before or at which all rows are that are wanted.
  init(bound: Value, of field: Field, descending: Bool) {
    last = Batch(schema: Schema([field]), columns: [.repeating(bound, type: field.type, count: 1)], rowCount: 1)
    keys = [SortColumn(0, descending: descending)]
    keepsEqual = true
  }

  /// The rows that come before the threshold, and perhaps some that equal it in the first key.
  func rowsBefore(in batch: Batch) -> Bitmap {
    let (column, bound) = (batch.columns[keys[0].index], last.columns[keys[0].index])
    if bound.isValid(0), let rows = rows(of: column, before: Operand(constant: bound)) {
      guard let validity = column.validity else { return rows }
      // Nulls come last, behind any threshold that is a value.
      return .make(count: column.count) { rows.word($0) & validity.word($0) }
    }
    let order = KeyOrder(keys: keys, left: batch.columns, right: last.columns)
    return .make(count: batch.rowCount) { index in
      let first = index * 64
      var word: UInt64 = 0
      for bit in 0..<min(64, batch.rowCount - first) where order.compare(first + bit, 0) < (keepsEqual ? 1 : 0) {
        word |= 1 &<< UInt64(bit)
      }
      return word
    }
  }

  /// The rows whose first key comes before a value or, with more keys, equals it; rows without a value hold anything. Nil for types that have no
  /// comparison of whole columns.
  private func rows(of column: Column, before bound: Operand) -> Bitmap? {
    let (descending, mayEqual) = (keys[0].descending, keepsEqual || keys.count > 1)
    func rows(_ comparison: Comparison) -> Bitmap { comparison.rows(Operand(column), bound, rowCount: column.count) }
    switch column.type {
    case .int64, .timestamp, .date, .string:
      return rows(descending ? (mayEqual ? .greaterOrEqual : .greater) : (mayEqual ? .lessOrEqual : .less))
    case .float64:
      if case .float64(let limit) = bound.column.value(at: 0), limit.isNaN { return nil }
      guard descending else { return rows(mayEqual ? .lessOrEqual : .less) }
      // NaN comes before every number, and no comparison holds for it.
      let after = rows(mayEqual ? .less : .lessOrEqual)
      return .make(count: column.count) { ~after.word($0) }
    default: return nil
    }
  }
}
