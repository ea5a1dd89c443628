// Rows in partitions by their hashes.

import DshColumns

/// Rows partition by partition, in each in their order.
public struct HashPartitions {
  /// The rows of all partitions, one behind another.
  public let rows: RowIndexes
  /// How many rows each has.
  public let counts: [Int]

  /// - Parameters:
  ///   - count: how many partitions there are.
  ///   - hash: the hash of a row.
  @inline(__always) init(_ count: Int, rowCount: Int, hash: (Int) -> UInt64) {
    let rows = MutableBuffer(capacity: rowCount * 4)
    rows.byteCount = rowCount * 4
    let output = rows.pointer(to: Int32.self)
    self.rows = RowIndexes(buffer: rows.freeze(), count: rowCount)
    if count == 1 {
      counts = [rowCount]
      for row in 0..<rowCount { output[row] = Int32(truncatingIfNeeded: row) }
      return
    }
    var counts = [Int](repeating: 0, count: count)
    let partitions = [UInt32](unsafeUninitializedCapacity: rowCount) { output, written in
      for row in 0..<rowCount {
        let partition = KeyHash.partition(of: hash(row), count: count)
        counts[partition] &+= 1
        output[row] = UInt32(truncatingIfNeeded: partition)
      }
      written = rowCount
    }
    var next = [Int](repeating: 0, count: count)
    for partition in 1..<count { next[partition] = next[partition - 1] + counts[partition - 1] }
    for row in 0..<rowCount {
      let partition = Int(partitions[row])
      output[next[partition]] = Int32(truncatingIfNeeded: row)
      next[partition] &+= 1
    }
    self.counts = counts
  }
}
