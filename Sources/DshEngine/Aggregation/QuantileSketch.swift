// `approx_quantile`: a histogram whose bins are as wide as the values are large, as in HdrHistogram and DDSketch (Masson, Rim, Lee 2019).

import DshColumns

/// How many values of each group share their sign, their exponent and the first 8 digits behind it, and the least of them.
///
/// Bins are the same for all data and never joined, so that neither order nor splits show. A value differs from the least one of its bin
/// by less than one part in 256. A state is a list of the least values, as words, and one of the counts.
final class QuantileSketch: Accumulator {
  /// The bins: a group and the first bits of a value's word.
  private let bins = GroupTable(types: [.int64])
  private let counts = GroupArray<Int64>(initial: 0)
  private let least = GroupArray<Int64>(initial: .max)

  /// The bits of a word that a bin leaves out: of 52 binary digits the first 8 are kept.
  private static let droppedBits: Int64 = 44
  private static let binBits: Int64 = 64 - droppedBits

  override var sizeBytes: Int { super.sizeBytes + bins.sizeBytes + counts.sizeBytes + least.sizeBytes }

  override var extent: Int { bins.groupCount }

  override func add(_ rows: AggregateRows) {
    let values = rows.values
    guard case .fixed = values.column.storage, values.column.count > 0 else { return }
    add(OrderWords.words(of: values.column), values.groups) { _ in 1 }
  }

  private func add(_ words: [Int64], _ groups: [UInt32], count: (Int) -> Int64) {
    let keys = MutableBuffer(capacity: words.count * 8)
    for (row, word) in words.enumerated() {
      let bin = (word >> Self.droppedBits) & (1 << Self.binBits - 1)
      keys.append(Int64(groups[row]) << Self.binBits | bin)
    }
    let column = Column(type: .int64, count: words.count, validity: nil, storage: .fixed(keys.freeze()))
    guard let numbers = bins.groups(of: [column], rowCount: words.count) else { return }
    counts.grow(to: bins.groupCount)
    least.grow(to: bins.groupCount)
    for (row, number) in numbers.enumerated() {
      counts[Int(number)] &+= count(row)
      least[Int(number)] = min(least[Int(number)], words[row])
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    let words = GroupedLists(states[0], groups)
    let counts = GroupedLists(states[1], groups)
    guard words.groups == counts.groups, let word = words.elements.fixed(Int64.self), let count = counts.elements.fixed(Int64.self)
    else { return }
    // No accumulator hands on a count below 1.
    add(Array(UnsafeBufferPointer(start: word, count: words.groups.count)), words.groups) { max(count[$0], 0) }
  }

  private var binGroups: [UInt32] {
    OrderWords.words(of: bins.keyColumns()[0]).map { UInt32(truncatingIfNeeded: $0 >> Self.binBits) }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let groups = binGroups
    return [least, counts].map { values in
      let builder = ColumnBuilder(type: .int64, rows: groups.count)
      for bin in groups.indices { builder.append(int64: values[bin]) }
      return GroupedLists(builder.finish(), groups: groups).lists(groupCount)
    }
  }

  /// The least value of the bin that holds the value at a share of the way through each group; null over no values.
  func quantiles(_ share: Double, _ groupCount: Int) -> Column {
    let order = GroupedLists(ColumnBuilder(type: .null).finish(), groups: binGroups).order(groupCount)
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let sorted = order.places[order.ends[group]..<order.ends[group + 1]].sorted { least[Int($0)] < least[Int($1)] }
      let total = sorted.reduce(Int64(0)) { $0 &+ counts[Int($1)] }
      var before = Int64(exactly: (share * Double(max(total, 1) - 1)).rounded()) ?? 0
      let bin = sorted.first { bin in
        before -= counts[Int(bin)]
        return before < 0
      }
      if let bin = bin ?? sorted.last { OrderWords.append(least[Int(bin)], to: builder) } else { builder.appendNull() }
    }
    return builder.finish()
  }
}
