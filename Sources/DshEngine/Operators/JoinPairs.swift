// Pairs of a row and its partner, which lies in one of several tables.

import CDshKernels
import DshColumns

/// Pairs in order of the left rows.
struct JoinPairs {
  private let leftRows: Buffer
  private let rightRows: Buffer
  private let rightTables: Buffer
  let count: Int

  init() { (leftRows, rightRows, rightTables, count) = (.empty, .empty, .empty, 0) }

  /// - Parameter places: no fewer than the candidates name, each counted once at least.
  init(
    _ tables: [dsh_join_table], _ candidates: ArraySlice<dsh_join_candidate>, places: Int, _ keys: JoinKeys, keepsAll: Bool
  ) {
    let (left, right, table) = (
      MutableBuffer(capacity: places * 4 + 4), MutableBuffer(capacity: places * 4 + 4), MutableBuffer(capacity: places * 4 + 4)
    )
    count = candidates.withUnsafeBufferPointer { candidates in
      dsh_join_pairs(
        tables, candidates.baseAddress, candidates.count, keys.words, keys.bytes?.pointer(to: UInt8.self), keys.offsets,
        keepsAll ? 1 : 0, left.pointer(to: Int32.self), right.pointer(to: Int32.self), table.pointer(to: UInt32.self))
    }
    for buffer in [left, right, table] { buffer.byteCount = count * 4 }
    (leftRows, rightRows, rightTables) = (left.freeze(), right.freeze(), table.freeze())
  }

  func left(_ range: Range<Int>) -> RowIndexes {
    RowIndexes(buffer: leftRows.slice(from: range.lowerBound * 4, byteCount: range.count * 4), count: range.count)
  }

  func right(_ range: Range<Int>) -> TableRows {
    TableRows(
      rows: RowIndexes(buffer: rightRows.slice(from: range.lowerBound * 4, byteCount: range.count * 4), count: range.count),
      tables: rightTables.slice(from: range.lowerBound * 4, byteCount: range.count * 4))
  }

  /// Whether the pairs are one for each of so many rows.
  func isEveryRow(_ range: Range<Int>, of rowCount: Int) -> Bool {
    guard range.count == rowCount else { return false }
    let rows = left(range).pointer
    // In order and as many as there are rows: each once if the numbers fit at every place.
    for row in 0..<rowCount where Int(rows[row]) != row { return false }
    return true
  }
}

/// Rows of several tables; a negative number stands for nulls.
struct TableRows {
  let rows: RowIndexes
  /// The table of each row, a `UInt32`.
  let tables: Buffer

  fileprivate init(rows: RowIndexes, tables: Buffer) {
    self.rows = rows
    self.tables = tables
  }

  /// - Parameter tables: the table of each row.
  init(_ rows: [Int32] = [], tables: [UInt32] = []) {
    let places = MutableBuffer(capacity: tables.count * 4)
    for table in tables { places.append(table) }
    self.init(rows: RowIndexes(rows), tables: places.freeze())
  }

  /// Some of them.
  func slice(_ range: Range<Int>) -> TableRows {
    TableRows(
      rows: RowIndexes(buffer: rows.buffer.slice(from: range.lowerBound * 4, byteCount: range.count * 4), count: range.count),
      tables: tables.slice(from: range.lowerBound * 4, byteCount: range.count * 4))
  }
}
