// Pairs of a row and its partner, and the columns of the partners, which lie in several tables.

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
  private let tables: Buffer

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

  /// The values of a column that each table has a part of.
  func gather(_ parts: [Column], type: DataType) -> Column {
    switch parts.count {
    case 0: return .repeating(.null, type: type, count: rows.count)
    case 1: return parts[0].gather(rows)
    default: break
    }
    if let values = gatherFixed(parts, type) { return values }
    // Part by part, then in order.
    let table = tables.pointer(to: UInt32.self)
    var lists: [[Int32]] = Array(repeating: [], count: parts.count)
    var places: [Int32] = []
    places.reserveCapacity(rows.count)
    var starts = [Int32](repeating: 0, count: parts.count)
    for index in 0..<rows.count where rows.pointer[index] >= 0 { lists[Int(table[index])].append(rows.pointer[index]) }
    for part in 1..<parts.count { starts[part] = starts[part - 1] + Int32(truncatingIfNeeded: lists[part - 1].count) }
    for index in 0..<rows.count {
      if rows.pointer[index] < 0 {
        places.append(-1)
      } else {
        places.append(starts[Int(table[index])])
        starts[Int(table[index])] += 1
      }
    }
    let gathered = zip(parts, lists).map { $0.gather(RowIndexes($1)) }
    return Column.concatenation(gathered, type: type).gather(RowIndexes(places))
  }

  /// Values of fixed width are fetched from where they lie.
  private func gatherFixed(_ parts: [Column], _ type: DataType) -> Column? {
    guard let width = type.fixedWidthBytes, parts.allSatisfy({ $0.validity == nil }) else { return nil }
    let output = MutableBuffer(capacity: rows.count * width)
    let isWhole =
      width == 4 ? fetch(parts, Int32.self, output) : fetch(parts, Int64.self, output)
    output.byteCount = rows.count * width
    let validity =
      isWhole
      ? nil
      : Bitmap.make(count: rows.count) { word in
        var bits: UInt64 = 0
        for bit in 0..<min(64, rows.count - word * 64) where rows.pointer[word * 64 + bit] >= 0 { bits |= 1 &<< UInt64(bit) }
        return bits
      }
    return Column(type: type, count: rows.count, validity: validity, storage: .fixed(output.freeze()))
  }

  /// Whether each row is one of a table.
  private func fetch<T: FixedWidthInteger & BitwiseCopyable>(_ parts: [Column], _: T.Type, _ output: MutableBuffer) -> Bool {
    let values = parts.compactMap { $0.fixed(T.self) }
    guard values.count == parts.count else { return true }
    let (row, table, result) = (rows.pointer, tables.pointer(to: UInt32.self), output.pointer(to: T.self))
    var isWhole = true
    for index in 0..<rows.count {
      if row[index] >= 0 {
        result[index] = values[Int(table[index])][Int(row[index])]
      } else {
        result[index] = 0
        isWhole = false
      }
    }
    return isWhole
  }

  /// The bytes of the texts that would be gathered.
  func textBytes(_ parts: [Column]) -> Int {
    guard parts.contains(where: { $0.hasText }) else { return 0 }
    if parts.count == 1 { return parts[0].textBytes(of: rows) }
    let table = tables.pointer(to: UInt32.self)
    return (0..<rows.count).reduce(0) { sum, index in
      let row = Int(rows.pointer[index])
      return row < 0 ? sum : sum &+ parts[Int(table[index])].textBytes(in: row..<row &+ 1)
    }
  }
}

extension Column {
  /// Whether it holds texts, or lists or structures that may.
  fileprivate var hasText: Bool {
    switch storage {
    case .text, .dictionary, .list, .structure: true
    case .none, .bits, .fixed: false
    }
  }

  /// The bytes of what these rows have in texts and lists, laid out plainly, or a bound of them.
  func textBytes(of rows: RowIndexes) -> Int {
    guard hasText else { return 0 }
    if case .dictionary(_, let entryCount, let offsets, _) = storage {
      let ends = offsets.pointer(to: Int32.self)
      return rows.count &* (0..<entryCount).reduce(0) { max($0, Int(ends[$1 &+ 1] &- ends[$1])) }
    }
    var sum = 0
    for index in 0..<rows.count where rows.pointer[index] >= 0 {
      sum &+= textBytes(in: Int(rows.pointer[index])..<Int(rows.pointer[index]) &+ 1)
    }
    return sum
  }

  fileprivate func textBytes(in range: Range<Int>) -> Int {
    switch storage {
    case .text(let offsets, _):
      let ends = offsets.pointer(to: Int32.self)
      return Int(ends[range.upperBound] &- ends[range.lowerBound])
    case .dictionary: return range.reduce(0) { $0 &+ textBytes(at: $1).count }
    case .list(let offsets, let elements):
      let ends = offsets.pointer(to: Int32.self)
      let inside = Int(ends[range.lowerBound])..<Int(ends[range.upperBound])
      // Places of elements have 32 bits as well.
      return max(inside.count, elements.textBytes(in: inside))
    case .structure(let members): return members.map { $0.textBytes(in: range) }.max() ?? 0
    case .none, .bits, .fixed: return 0
    }
  }
}
