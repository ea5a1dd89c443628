// Which separators of a record must be known to reach the wanted cells.
import CDshKernels

/// The entries that the structural scan writes for records of a known number of columns: those around wanted cells, and the line end.
final class CSVSelection {
  /// Entries written for each record.
  let stride: Int
  /// For each wanted column, the number of the record's entry before its cell, 0 being the line end before the record.
  let places: [Int]
  private let columns: Int
  private let patterns: UnsafeMutablePointer<UInt64>

  /// Nil where it would not pay: most entries are needed, or there are too many columns.
  init?(columns: Int, wanted: [Int]) {
    guard columns > 1, columns <= Int(DSH_CSV_SELECTION_LIMIT) else { return nil }
    var isKept = [Bool](repeating: false, count: columns)
    isKept[columns - 1] = true
    for column in wanted {
      isKept[column] = true
      if column > 0 { isKept[column - 1] = true }
    }
    stride = isKept.count { $0 }
    guard stride * 4 <= columns * 3 else { return nil }
    self.columns = columns
    var places = [Int](repeating: 0, count: columns)
    var kept = 0
    for column in 0..<columns {
      places[column] = kept
      if isKept[column] { kept += 1 }
    }
    self.places = places
    patterns = .allocate(capacity: columns)
    for phase in 0..<columns {
      var pattern: UInt64 = 0
      for bit in 0..<64 where isKept[(phase + bit) % columns] { pattern |= 1 << UInt64(bit) }
      patterns[phase] = pattern
    }
  }

  deinit { patterns.deallocate() }

  func withPointer<T>(_ body: (UnsafePointer<dsh_csv_selection>) -> T) -> T {
    var selection = dsh_csv_selection(columns: Int64(columns), patterns: patterns)
    return body(&selection)
  }
}
