// Cuts sorted runs into ranges of keys that are the same for every run, and puts them together again.

import DshColumns
import DshPlan

/// The cutting of a distributed sort: sample the runs, choose boundaries, cut each run at them, merge the pieces.
public enum RangePartitioning {
  /// The most bytes of a text that a sampled key keeps: a boundary may be any text, and one cut short still cuts all runs alike.
  static let sampledTextBytes = 256

  /// The key values of at most `count` rows spread evenly over a sorted run; long texts are cut.
  public static func sampleKeys(_ run: Batch, keys: [SortColumn], count: Int) -> [[Value]] {
    let taken = min(count, run.rowCount)
    return (0..<taken).map { index in
      let row = (2 * index + 1) * run.rowCount / (2 * taken)
      return keys.map { sampled(run.columns[$0.index].value(at: row)) }
    }
  }

  /// A value as a sample keeps it.
  private static func sampled(_ value: Value) -> Value {
    switch value {
    case .string(let text) where text.utf8.count > sampledTextBytes:
      let bytes = Array(text.utf8.prefix(sampledTextBytes + 1))
      var end = sampledTextBytes
      // Not in the middle of a character: its later bytes are 10xxxxxx.
      while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      return .string(String(decoding: bytes[..<end], as: UTF8.self))
    case .binary(let bytes): return .binary(Array(bytes.prefix(sampledTextBytes)))
    default: return value
    }
  }

  /// At most `partitions - 1` ascending boundaries that cut the rows the samples stand for into parts of about one size.
  ///
  /// - Parameters:
  ///   - samples: Key values, in any order, each with the number of rows it stands for.
  ///   - types: The types of the key columns.
  public static func chooseBoundaries(
    _ samples: [(values: [Value], weight: Double)], types: [DataType], keys: [SortColumn], partitions: Int
  ) -> [[Value]] {
    guard partitions > 1, !samples.isEmpty else { return [] }
    let columns = keyColumns(samples.map(\.values), types: types)
    let places = keys.indices.map { SortColumn($0, descending: keys[$0].descending) }
    let order = KeyOrder(keys: places, left: columns, right: columns)
    let sorted = sortIndexes(columns, keys: places, rowCount: samples.count)
    let total = samples.reduce(0) { $0 + $1.weight }
    var boundaries: [Int] = []
    var weight = 0.0
    for position in 0..<samples.count {
      let sample = Int(sorted.pointer[position])
      // A boundary begins a part: it is set before the sample that would carry the part beyond its share.
      let isDue = weight + samples[sample].weight / 2 >= total * Double(boundaries.count + 1) / Double(partitions)
      if isDue, position > 0, boundaries.count < partitions - 1 {
        let isNew = boundaries.last.map { order.compare($0, sample) != 0 } ?? true
        if isNew { boundaries.append(sample) }
      }
      weight += samples[sample].weight
    }
    return boundaries.map { samples[$0].values }
  }

  /// Boundaries that leave sorted runs nearly as they are, if by the first key no run has a row that comes before one of the runs before it: where
  /// each run but the first begins. Nil if runs overlap. Rows at the border of two runs that are equal in the first key stay together.
  ///
  /// - Parameters:
  ///   - ends: The first key of the first row of each run and that of its last, whole; no run is empty.
  ///   - type: The type of the column of the first key.
  ///   - key: The first key, of which the direction counts.
  public static func boundaries(ofSuccessive ends: [(first: Value, last: Value)], type: DataType, key: SortColumn) -> [[Value]]? {
    let order = KeyOrder(
      keys: [SortColumn(0, descending: key.descending)], left: keyColumns(ends.map { [$0.last] }, types: [type]),
      right: keyColumns(ends.map { [$0.first] }, types: [type]))
    for run in ends.indices.dropFirst() where order.compare(run - 1, run) > 0 { return nil }
    return ends.dropFirst().map { [sampled($0.first)] }
  }

  /// Where each boundary falls in a sorted run: the number of rows that come before it. Rows equal to a boundary come after it. Of the keys a boundary
  /// may have the first alone: the others are null, which comes last.
  public static func partitionPoints(_ run: Batch, keys: [SortColumn], boundaries: [[Value]]) -> [Int] {
    let types = keys.map { run.schema[$0.index].type }
    let boundaryColumns = keyColumns(boundaries, types: types)
    let runColumns = keys.map { run.columns[$0.index] }
    let places = keys.indices.map { SortColumn($0, descending: keys[$0].descending) }
    let order = KeyOrder(keys: places, left: runColumns, right: boundaryColumns)
    return boundaries.indices.map { boundary in
      var low = 0
      var high = run.rowCount
      while low < high {
        let middle = (low + high) / 2
        if order.compare(middle, boundary) < 0 { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// One sorted run of several; equal rows keep the order of the runs.
  public static func mergeRuns(_ runs: [Batch], schema: Schema, keys: [SortColumn]) -> Batch {
    let filled = runs.filter { $0.rowCount > 0 }
    guard filled.count > 1 else { return filled.first ?? .empty(schema) }
    // A stable sort of the runs laid end to end is a stable merge; its radix passes cost less than a comparison per row and run.
    let builder = BlockBuilder(schema: schema)
    for run in filled { builder.append(run) }
    let all = builder.finish()
    return all.gather(sortIndexes(all.columns, keys: keys, rowCount: all.rowCount))
  }

  private static func keyColumns(_ rows: [[Value]], types: [DataType]) -> [Column] {
    types.indices.map { index in
      let builder = ColumnBuilder(type: types[index], rows: rows.count)
      for row in rows { builder.append(index < row.count ? row[index] : .null) }
      return builder.finish()
    }
  }
}
