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
    for row in 0..<states[0].count where states[0].isValid(row) {
      for element in Int(ends[row])..<Int(ends[row + 1]) where elements.isValid(element) {
        words.append(batch[element])
        self.groups.append(groups[row])
      }
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let (ends, sorted) = grouped(groupCount)
    let offsets = MutableBuffer(capacity: ends.count * 4)
    for end in ends { offsets.append(Int32(truncatingIfNeeded: end)) }
    let elements = ColumnBuilder(type: .float64, rows: sorted.count)
    for word in sorted { OrderWords.append(word, to: elements) }
    let storage = Column.Storage.list(offsets: offsets.freeze(), elements: elements.finish())
    return [Column(type: .list(.float64), count: groupCount, validity: nil, storage: storage)]
  }

  /// The value at a share of the way from the least to the greatest of each group; null over no values.
  func quantiles(_ share: Double, _ groupCount: Int) -> Column {
    let (ends, sorted) = grouped(groupCount)
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let values = sorted[ends[group]..<ends[group + 1]]
      if values.isEmpty { builder.appendNull() } else { builder.append(float64: Self.quantile(share, of: values)) }
    }
    return builder.finish()
  }

  private static func quantile(_ share: Double, of values: ArraySlice<Int64>) -> Double {
    let place = share * Double(values.count - 1)
    let rank = Int(place)
    let low = OrderWords.double(select(rank, among: values))
    let rest = place - Double(rank)
    if rest == 0 { return low }
    let high = OrderWords.double(select(rank + 1, among: values))
    return low == high ? low : low * (1 - rest) + high * rest
  }

  /// The word that would have the rank if they were sorted: byte by byte, from the first, those with the right one are kept.
  private static func select(_ rank: Int, among words: ArraySlice<Int64>) -> Int64 {
    var words = words
    var rank = rank
    for shift in stride(from: Int64(56), through: 0, by: -8) where words.count > fewWords {
      var counts = [Int](repeating: 0, count: 256)
      for word in words { counts[byte(of: word, at: shift)] += 1 }
      var wanted = 0
      while rank >= counts[wanted] {
        rank -= counts[wanted]
        wanted += 1
      }
      if counts[wanted] < words.count { words = words.filter { byte(of: $0, at: shift) == wanted }[...] }
    }
    return words.sorted()[rank]
  }

  /// So few are sorted at once.
  private static let fewWords = 64

  /// A byte of a word; the sign counts as the other way round, so that negative words come first.
  @inline(__always) private static func byte(of word: Int64, at shift: Int64) -> Int {
    Int(truncatingIfNeeded: UInt64(bitPattern: word ^ .min) >> UInt64(shift) & 0xFF)
  }

  /// The words of the groups behind one another, and where those of each group begin and the last end.
  private func grouped(_ groupCount: Int) -> (ends: [Int], words: [Int64]) {
    var ends = [Int](repeating: 0, count: groupCount + 1)
    for group in groups { ends[Int(group) + 1] += 1 }
    for group in 0..<groupCount { ends[group + 1] += ends[group] }
    if groupCount == 1 { return (ends, words) }
    var cursors = ends
    let sorted = [Int64](unsafeUninitializedCapacity: words.count) { output, count in
      for (word, group) in zip(words, groups) {
        output[cursors[Int(group)]] = word
        cursors[Int(group)] += 1
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
