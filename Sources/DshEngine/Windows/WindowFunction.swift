// A function over windows: what a person and the binder see, and how its results are computed.

import DshColumns
import DshPlan

/// A function that exists over windows alone; aggregates work over windows too.
public struct WindowFunction: Sendable {
  public let signature: WindowSignature
  /// The results of rows in the order of their partitions.
  let compute: @Sendable (WindowRows) -> Column

  init(_ signature: WindowSignature, compute: @escaping @Sendable (WindowRows) -> Column) {
    self.signature = signature
    self.compute = compute
  }
}

/// What a function over windows looks at: rows of whole partitions, one behind another, each in its order.
struct WindowRows {
  /// The arguments of the rows.
  let arguments: [Column]
  let constants: [Value]
  let frame: WindowFrame
  let partitions: WindowPartitions

  var count: Int { partitions.rowCount }

  /// A number of rows among the constants.
  func rowCount(_ index: Int, otherwise count: Int) -> Int {
    guard constants.indices.contains(index), case .int64(let number) = constants[index] else { return count }
    return Int(clamping: number)
  }

  /// The values of the first argument in other rows, null where a row is none.
  func values(of rows: [Int32]) -> Column { arguments[0].gather(RowIndexes(rows)) }

  /// The rows that a row is computed of.
  @inline(__always) func frame(of row: Int, in partition: Range<Int>) -> Range<Int> {
    let start = frame.before.map { max(partition.lowerBound, row - min($0, row)) } ?? partition.lowerBound
    let end = frame.after.map { min(partition.upperBound, row + min($0, partition.upperBound - row - 1) + 1) } ?? partition.upperBound
    return start..<end
  }

  /// Whole numbers for all rows, partition by partition.
  func numbers(_ fill: (_ partition: Range<Int>, _ output: UnsafeMutablePointer<Int64>) -> Void) -> Column {
    .int64(count: count) { output in for partition in partitions.ranges { fill(partition, output) } }
  }

  /// Fractions for all rows, partition by partition.
  func fractions(_ fill: (_ partition: Range<Int>, _ output: UnsafeMutablePointer<Double>) -> Void) -> Column {
    let buffer = MutableBuffer(capacity: count * 8)
    for partition in partitions.ranges { fill(partition, buffer.pointer(to: Double.self)) }
    buffer.byteCount = count * 8
    return Column(type: .float64, count: count, validity: nil, storage: .fixed(buffer.freeze()))
  }
}

/// Where partitions begin, and which rows of them are equal in their order.
struct WindowPartitions {
  let rowCount: Int
  /// The rows of each partition.
  let ranges: [Range<Int>]
  /// Whether a row differs in the order from the one before it, or begins a partition.
  let beginsPeers: [Bool]

  /// - Parameters:
  ///   - groups: the partition of each row; rows of one partition lie together.
  ///   - order: the columns that the rows of a partition are ordered by.
  init(groups: [UInt32]?, order: [Column], rowCount: Int) {
    self.rowCount = rowCount
    var ranges: [Range<Int>] = []
    var begins = [Bool](repeating: false, count: rowCount)
    if rowCount > 0 {
      begins[0] = true
      var start = 0
      if let groups {
        for row in 1..<rowCount where groups[row] != groups[row - 1] {
          begins[row] = true
          ranges.append(start..<row)
          start = row
        }
      }
      ranges.append(start..<rowCount)
      for column in order { Self.markPeers(of: column, &begins) }
    }
    self.ranges = ranges
    beginsPeers = begins
  }

  /// Marks the rows that differ in a column from the one before them.
  private static func markPeers(of column: Column, _ begins: inout [Bool]) {
    guard KeyWords.isWord(column.type) else {
      for row in 1..<column.count where !begins[row] { begins[row] = RowOrder.compareNullable(column, row, column, row - 1) != 0 }
      return
    }
    KeyWords.withWords(of: column) { words in
      if let validity = column.validity, column.nullCount > 0 {
        for row in 1..<column.count {
          let differs = validity[row] != validity[row - 1] || (validity[row] && words[row] != words[row - 1])
          begins[row] = begins[row] || differs
        }
      } else {
        for row in 1..<column.count { begins[row] = begins[row] || words[row] != words[row - 1] }
      }
    }
  }
}
