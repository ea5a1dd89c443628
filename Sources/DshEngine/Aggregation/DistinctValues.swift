// `count_distinct` and `mode`: the different values of each group, and how often they occur.

import DshColumns

/// The different values of each group with how many rows have them. A state is a list of the values and one of their counts.
final class DistinctValues: Accumulator {
  private let type: DataType
  private let numbers: ValueNumbers
  /// How many rows have a value, by the number of the pair.
  private let occurrences = GroupArray<Int64>(initial: 0)

  init(type: DataType, isGlobal: Bool) {
    self.type = type
    numbers = ValueNumbers(type: type, isGlobal: isGlobal)
  }

  override var sizeBytes: Int { super.sizeBytes + numbers.sizeBytes + occurrences.sizeBytes }
  override var extent: Int { numbers.extent }

  override func add(_ rows: AggregateRows) {
    if type == .null { return }
    let values = rows.values
    let found = numbers.numbers(of: values.column, groups: values.groups)
    occurrences.grow(to: numbers.count)
    for number in found { occurrences[Int(number)] &+= 1 }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    let values = GroupedLists(states[0], groups)
    let counts = GroupedLists(states[1], groups)
    // Lists of different lengths, or of nulls, are made by no accumulator.
    guard type != .null, values.groups == counts.groups, values.elements.nullCount == 0, let steps = counts.elements.fixed(Int64.self)
    else { return }
    let found = numbers.numbers(of: values.elements, groups: values.groups)
    occurrences.grow(to: numbers.count)
    for (row, number) in found.enumerated() { occurrences[Int(number)] &+= steps[row] }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let values = numbers.contents()
    let counts = ColumnBuilder(type: .int64, rows: values.groups.count)
    for pair in values.groups.indices { counts.append(int64: occurrences[pair]) }
    return [values.lists(groupCount), GroupedLists(counts.finish(), groups: values.groups).lists(groupCount)]
  }

  /// How many different values each group has.
  func counts(_ groupCount: Int) -> Column {
    var counts = [Int64](repeating: 0, count: groupCount)
    for group in numbers.contents().groups { counts[Int(group)] += 1 }
    let builder = ColumnBuilder(type: .int64, rows: groupCount)
    for count in counts { builder.append(int64: count) }
    return builder.finish()
  }

  /// The value that most rows of each group have, the first met of several; null over no values.
  func modes(_ groupCount: Int) -> Column {
    let values = numbers.contents()
    var best = [Int32](repeating: -1, count: groupCount)
    for (pair, group) in values.groups.enumerated() {
      let known = best[Int(group)]
      if known < 0 || occurrences[pair] > occurrences[Int(known)] { best[Int(group)] = Int32(truncatingIfNeeded: pair) }
    }
    return values.elements.gather(RowIndexes(best))
  }
}

extension AggregateState where States == DistinctValues {
  static let distinct = AggregateState("distinct", { [.list($0[0]), .list(.int64)] }) {
    DistinctValues(type: $0.arguments[0], isGlobal: $0.isGlobal)
  }
}
