// `histogram`: counts of the values between bounds.

import DshColumns

/// For each group, how many values lie in each bin. A state is the list of the counts.
final class BinCounts: Accumulator {
  private let bounds: [Double]
  private let counts = GroupArray<Int64>(initial: 0)

  /// As many counts are kept for each group, and as many constants are sent with each task.
  static let greatestBoundCount = 1_000

  init(bounds: [Double]) { self.bounds = bounds }

  private var binCount: Int { bounds.count - 1 }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    counts.grow(to: groupCount * binCount)
  }

  override var sizeBytes: Int { super.sizeBytes + counts.sizeBytes }
  override var extent: Int { counts.count }

  override func add(_ rows: AggregateRows) {
    guard let values = rows.column.fixed(Double.self) else { return }
    bounds.withUnsafeBufferPointer { bounds in
      let last = binCount
      for row in 0..<rows.count where rows.isValid(row) {
        let value = values[row]
        // Of NaN neither holds.
        guard value >= bounds[0], value <= bounds[last] else { continue }
        var low = 0
        var high = last
        while high - low > 1 {
          let middle = (low + high) / 2
          if value < bounds[middle] { high = middle } else { low = middle }
        }
        counts[rows.group(row) * last + low] &+= 1
      }
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard case .list(let offsets, let elements) = states[0].storage, let steps = elements.fixed(Int64.self) else { return }
    let ends = offsets.pointer(to: Int32.self)
    for row in 0..<states[0].count {
      for (bin, place) in zip(0..<binCount, Int(ends[row])..<Int(ends[row + 1])) {
        counts[Int(groups[row]) * binCount + bin] &+= steps[place]
      }
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] { [lists(groupCount)] }

  /// The counts of each group, zeros over no values.
  func lists(_ groupCount: Int) -> Column {
    let builder = ColumnBuilder(type: .int64, rows: groupCount * binCount)
    let offsets = MutableBuffer(capacity: (groupCount + 1) * 4)
    offsets.append(Int32(0))
    for group in 0..<groupCount {
      for bin in 0..<binCount { builder.append(int64: counts[group * binCount + bin]) }
      offsets.append(Int32(truncatingIfNeeded: (group + 1) * binCount))
    }
    return Column(
      type: .list(.int64), count: groupCount, validity: nil, storage: .list(offsets: offsets.freeze(), elements: builder.finish()))
  }
}
