// `distinct_summary`: the different values of each group as long as they are few, and a sketch of them beyond.

import DshColumns

/// The different values of groups that have no more than a limit, with how often they occur, and sketches of those of the others.
///
/// A part of a group has no more different values than the whole, so that neither order nor splits decide what becomes a sketch. A state is a
/// list of values, one of their counts, one of the words of a sketch, which is empty if the values are all that there are, and the number of all.
final class BoundedValues: Accumulator {
  /// More different values are estimated: 137 columns of texts with so many each still fit in a small store.
  static let limit = 10_000

  private let type: DataType
  private let isGlobal: Bool
  private var numbers: ValueNumbers
  /// How many rows have a value, by the number of the pair.
  private var occurrences = GroupArray<Int64>(initial: 0)
  /// How many different values each group has been found to have.
  private let counts = GroupArray<Int64>(initial: 0)
  private let sketches = DistinctSketch()
  /// How many values each group has, equal ones too.
  private let totals = GroupArray<Int64>(initial: 0)
  private var isSketched: Set<UInt32> = []

  init(type: DataType, isGlobal: Bool) {
    self.type = type
    self.isGlobal = isGlobal
    numbers = ValueNumbers(type: type, isGlobal: isGlobal)
  }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    counts.grow(to: groupCount)
    totals.grow(to: groupCount)
    sketches.grow(to: groupCount)
  }

  override var sizeBytes: Int {
    let perGroup = counts.sizeBytes + totals.sizeBytes + isSketched.count * 8
    return super.sizeBytes + numbers.sizeBytes + occurrences.sizeBytes + sketches.sizeBytes + perGroup
  }

  override var extent: Int { max(numbers.extent, sketches.extent) }

  override func add(_ rows: AggregateRows) {
    if type == .null { return }
    let values = rows.values
    for group in values.groups { totals[Int(group)] += 1 }
    add(values.column, values.groups, counted: { _ in 1 })
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    let values = GroupedLists(states[0], groups)
    let steps = GroupedLists(states[1], groups)
    // Lists of different lengths, or of nulls, are made by no accumulator.
    guard type != .null, values.groups == steps.groups, values.elements.nullCount == 0, let counts = steps.elements.fixed(Int64.self),
      case .list(let offsets, _) = states[2].storage, let totals = states[3].fixed(Int64.self)
    else { return }
    for (row, group) in groups.enumerated() { self.totals[Int(group)] &+= totals[row] }
    let ends = offsets.pointer(to: Int32.self)
    sketch(Set(groups.enumerated().filter { ends[$0.offset + 1] > ends[$0.offset] }.map(\.element)))
    sketches.merge([states[2]], groups: groups)
    add(values.elements, values.groups, counted: { counts[$0] })
  }

  /// Adds values, each of them as often as is said.
  private func add(_ column: Column, _ groups: [UInt32], counted: (Int) -> Int64) {
    guard !isSketched.isEmpty else { return keep(column, groups, counted: counted) }
    let (sketched, kept) = (rows(groups) { isSketched.contains($0) }, rows(groups) { !isSketched.contains($0) })
    if !sketched.isEmpty { sketches.add(AggregateRows(groups: sketched.map { groups[$0] }, column: column.gather(indexes(sketched)))) }
    if !kept.isEmpty { keep(column.gather(indexes(kept)), kept.map { groups[$0] }, counted: { counted(kept[$0]) }) }
  }

  private func keep(_ column: Column, _ groups: [UInt32], counted: (Int) -> Int64) {
    let before = numbers.count
    let found = numbers.numbers(of: column, groups: groups)
    occurrences.grow(to: numbers.count)
    var known = before
    var full: Set<UInt32> = []
    for (row, number) in found.enumerated() {
      occurrences[Int(number)] &+= counted(row)
      // Pairs are numbered as they are met.
      guard number == known else { continue }
      known += 1
      counts[Int(groups[row])] += 1
      if counts[Int(groups[row])] > Self.limit { full.insert(groups[row]) }
    }
    sketch(full)
  }

  /// Makes sketches of the values of groups, which take in all that follow.
  private func sketch(_ full: Set<UInt32>) {
    let new = full.subtracting(isSketched)
    guard !new.isEmpty else { return }
    isSketched.formUnion(new)
    let values = numbers.contents()
    let own = rows(values.groups) { new.contains($0) }
    if !own.isEmpty { sketches.add(AggregateRows(groups: own.map { values.groups[$0] }, column: values.elements.gather(indexes(own)))) }
    guard isGlobal else { return }
    numbers = ValueNumbers(type: type, isGlobal: true)
    occurrences = GroupArray(initial: 0)
  }

  /// What a sketch tells, within what is known for certain.
  private func certain(_ estimate: Value, of group: Int) -> Int64 {
    guard case .int64(let estimate) = estimate else { return totals[group] }
    return min(max(estimate, Int64(Self.limit) + 1), totals[group])
  }

  private func rows(_ groups: [UInt32], where isWanted: (UInt32) -> Bool) -> [Int] { groups.indices.filter { isWanted(groups[$0]) } }

  private func indexes(_ rows: [Int]) -> RowIndexes { RowIndexes(rows.lazy.map { Int32(truncatingIfNeeded: $0) }) }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let values = numbers.contents()
    let kept = rows(values.groups) { !isSketched.contains($0) }
    let groups = kept.map { values.groups[$0] }
    let steps = ColumnBuilder(type: .int64, rows: kept.count)
    for pair in kept { steps.append(int64: occurrences[pair]) }
    let totals = ColumnBuilder(type: .int64, rows: groupCount)
    for group in 0..<groupCount { totals.append(int64: self.totals[group]) }
    return [
      GroupedLists(values.elements.gather(indexes(kept)), groups: groups).lists(groupCount),
      GroupedLists(steps.finish(), groups: groups).lists(groupCount),
    ] + sketches.states(rowCounts, groupCount) + [totals.finish()]
  }

  /// What `distinct_summary` gives of all groups.
  func summaries(_ groupCount: Int) -> Column {
    let values = numbers.contents()
    var best = [Int32](repeating: -1, count: groupCount)
    for (pair, group) in values.groups.enumerated() where !isSketched.contains(group) {
      let known = best[Int(group)]
      if known < 0 || occurrences[pair] > occurrences[Int(known)] { best[Int(group)] = Int32(truncatingIfNeeded: pair) }
    }
    let estimates = sketches.estimates(groupCount)
    let distinct = ColumnBuilder(type: .int64, rows: groupCount)
    let isExact = ColumnBuilder(type: .bool, rows: groupCount)
    let frequency = ColumnBuilder(type: .int64, rows: groupCount)
    for group in 0..<groupCount {
      let isKept = !isSketched.contains(UInt32(truncatingIfNeeded: group))
      if isKept { distinct.append(int64: counts[group]) } else { distinct.append(int64: certain(estimates.value(at: group), of: group)) }
      isExact.append(.bool(isKept))
      if best[group] < 0 { frequency.appendNull() } else { frequency.append(int64: occurrences[Int(best[group])]) }
    }
    let mostFrequent =
      type == .null ? Operand(.null, type: type).materialized(rowCount: groupCount) : values.elements.gather(RowIndexes(best))
    let columns = [distinct.finish(), isExact.finish(), mostFrequent, frequency.finish()]
    let names = ["distinct", "is_exact", "most_frequent", "frequency"]
    return Column(
      type: .structure(zip(names, columns).map { Field($0, $1.type) }), count: groupCount, validity: nil, storage: .structure(columns))
  }
}
