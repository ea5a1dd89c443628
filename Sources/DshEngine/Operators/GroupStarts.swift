// Where groups begin in rows that are sorted by their keys.

import DshColumns
import DshPlan

extension Batch {
  /// The rows whose keys differ from those of the row before; the first is compared with `last`, columns of one row, and begins a group if those are
  /// empty.
  func groupStarts(of keys: [Int], after last: [Column]) -> Bitmap {
    let own = keys.map { columns[$0] }
    let places = keys.indices.map { SortColumn($0, descending: false) }
    let within = KeyOrder(keys: places, left: own, right: own)
    let goesOn = last.count == keys.count && rowCount > 0 && KeyOrder(keys: places, left: last, right: own).compare(0, 0) == 0
    return .make(count: rowCount) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, rowCount - word * 64) {
        let row = word * 64 + bit
        if row == 0 ? !goesOn : within.compare(row - 1, row) != 0 { bits |= 1 &<< UInt64(bit) }
      }
      return bits
    }
  }
}
