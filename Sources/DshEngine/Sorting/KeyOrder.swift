// The order of whole rows by sort keys.

import DshColumns
import DshPlan

/// Compares a row of one set of columns with a row of another by the same keys.
struct KeyOrder {
  let keys: [SortColumn]
  let left: [Column]
  let right: [Column]

  /// Negative, zero or positive; nulls are last in both directions.
  func compare(_ leftRow: Int, _ rightRow: Int) -> Int {
    for key in keys {
      let a = left[key.index]
      let b = right[key.index]
      switch (a.isValid(leftRow), b.isValid(rightRow)) {
      case (true, true):
        let order = RowOrder.compare(a, leftRow, b, rightRow)
        if order != 0 { return key.descending ? -order : order }
      case (true, false): return -1
      case (false, true): return 1
      case (false, false): break
      }
    }
    return 0
  }
}
