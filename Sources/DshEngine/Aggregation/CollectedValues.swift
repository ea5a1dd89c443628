// `quantile` and `median`: all values of each group, of which those of a rank are picked.

import DshColumns

/// All values, in the order in which they come, each with its group.
final class CollectedValues: Accumulator {
  /// As words in the order of the values: NaN comes last, and the zeros are one.
  private var words: [Int64] = []
  private var groups: [UInt32] = []

  override var sizeBytes: Int { super.sizeBytes + words.capacity * 8 + groups.capacity * 4 }

  override var extent: Int { words.count }

  override func add(_ rows: AggregateRows) {
    guard case .fixed = rows.column.storage else { return }
    let batch = OrderWords.words(of: rows.column)
    if rows.valid == nil {
      words += batch
      if let groups = rows.groups { self.groups += groups } else { groups += repeatElement(0, count: rows.count) }
    } else {
      for row in 0..<rows.count where rows.isValid(row) {
        words.append(batch[row])
        groups.append(UInt32(truncatingIfNeeded: rows.group(row)))
      }
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard case .list(let offsets, let elements) = states[0].storage else { return }
    let ends = offsets.pointer(to: Int32.self)
    let batch = OrderWords.words(of: elements)
    let isWhole = elements.nullCount == 0
    for row in 0..<states[0].count where states[0].isValid(row) {
      let part = Int(ends[row])..<Int(ends[row + 1])
      if isWhole {
        words += batch[part]
        self.groups += repeatElement(groups[row], count: part.count)
      } else {
        for element in part where elements.isValid(element) {
          words.append(batch[element])
          self.groups.append(groups[row])
        }
      }
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let (ends, sorted) = grouped(groupCount)
    let offsets = MutableBuffer(capacity: ends.count * 4)
    for end in ends { offsets.append(Int32(truncatingIfNeeded: end)) }
    let elements = OrderWords.column(sorted, count: sorted.count, type: .float64, turned: 0)
    let storage = Column.Storage.list(offsets: offsets.freeze(), elements: elements)
    return [Column(type: .list(.float64), count: groupCount, validity: nil, storage: storage)]
  }

  /// The value at a share of the way from the least to the greatest of each group; null over no values.
  func quantiles(_ share: Double, _ groupCount: Int) -> Column {
    let (ends, collected) = grouped(groupCount)
    var words = collected
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    words.withUnsafeMutableBufferPointer { words in
      for group in 0..<groupCount {
        let values = UnsafeMutableBufferPointer(rebasing: words[ends[group]..<ends[group + 1]])
        if values.isEmpty { builder.appendNull() } else { builder.append(float64: Self.quantile(share, of: values)) }
      }
    }
    return builder.finish()
  }

  private static func quantile(_ share: Double, of values: UnsafeMutableBufferPointer<Int64>) -> Double {
    let place = share * Double(values.count - 1)
    let rank = Int(place)
    let low = OrderWords.double(RankSelection.place(rank, among: values))
    let rest = place - Double(rank)
    if rest == 0 { return low }
    // The next in order is the least of those behind.
    var next = values[rank + 1]
    for word in values[(rank + 2)...] { next = min(next, word) }
    let high = OrderWords.double(next)
    return low == high ? low : low * (1 - rest) + high * rest
  }

  /// The words of the groups behind one another, and where those of each group begin and the last end.
  private func grouped(_ groupCount: Int) -> (ends: [Int], words: [Int64]) {
    var ends = [Int](repeating: 0, count: groupCount + 1)
    for group in groups { ends[Int(group) &+ 1] &+= 1 }
    for group in 0..<groupCount { ends[group + 1] += ends[group] }
    if groupCount == 1 { return (ends, words) }
    var cursors = ends
    let sorted = [Int64](unsafeUninitializedCapacity: words.count) { output, count in
      for index in 0..<words.count {
        let group = Int(groups[index])
        output[cursors[group]] = words[index]
        cursors[group] &+= 1
      }
      count = words.count
    }
    return (ends, sorted)
  }
}

extension OrderWords {
  /// The value of the word of a double.
  fileprivate static func double(_ word: Int64) -> Double { Double(bitPattern: UInt64(bitPattern: word ^ ((word >> 63) & .max))) }
}
