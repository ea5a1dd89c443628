// Rows that are given several times, checked to fit into one column before they are.

import DshColumns
import DshDiagnostics

extension Column {
  /// Throws `block-too-large`, blaming the row that is one too many, if the texts of rows given so often don't fit into one column.
  ///
  /// - Parameter times: for each row how often it is given; `most` is the largest of them.
  func checkRepeated(_ times: (Int) -> Int, most: Int) throws(RowError) {
    // Most batches are far from the limit, whichever rows are given most often.
    let (largest, overflow) = plainTextBytes.multipliedReportingOverflow(by: most)
    guard overflow || largest > TextLimit.bytes else { return }
    var total = 0
    for row in 0..<count {
      let (bytes, rowOverflow) = textByteCount(ofRows: row..<row + 1).multipliedReportingOverflow(by: times(row))
      total = rowOverflow ? .max : total.addingReportingOverflow(bytes).overflow ? .max : total + bytes
      do throws(Diagnostic) { try TextLimit.check(total) } catch { throw RowError(error, row: row) }
    }
  }

  /// The bytes that the texts of some rows take once they are taken out of the column; those in a dictionary stay where they are.
  private func textByteCount(ofRows rows: Range<Int>) -> Int {
    switch storage {
    case .text(let offsets, _):
      let offset = offsets.pointer(to: Int32.self)
      return Int(offset[rows.upperBound]) - Int(offset[rows.lowerBound])
    case .list(let offsets, let elements):
      let offset = offsets.pointer(to: Int32.self)
      return elements.textByteCount(ofRows: Int(offset[rows.lowerBound])..<Int(offset[rows.upperBound]))
    case .structure(let columns): return columns.reduce(0) { max($0, $1.textByteCount(ofRows: rows)) }
    case .none, .bits, .fixed, .dictionary: return 0
    }
  }
}
