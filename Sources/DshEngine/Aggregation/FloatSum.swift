// `sum` and `mean` of float64, exact until the result is rounded once.

import CDshKernels
import DshColumns

/// Sums to the last digit, so that they depend neither on the order in which values come nor on how they are split.
///
/// Two doubles hold nearly every sum. When their digits are used up, what they hold goes to an exact number of the group.
final class FloatSum: SumAccumulator {
  private let sums = GroupArray(initial: dsh_float_sum(sum: 0, error: 0))
  private var exact = ExactNumbers()

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    sums.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + sums.sizeBytes + exact.sizeBytes }

  override func add(_ rows: AggregateRows) {
    guard let values = rows.column.fixed(Double.self) else { return }
    if let groups = rows.groups {
      if rows.valid == nil, let few = fewGroups(for: rows.count), dsh_sum_few_float64(sums.pointer, few, groups, values, rows.count) != 0 {
        return
      }
      add(values, rows.valid, 0..<rows.count, groups: groups)
      return
    }
    for start in stride(from: 0, to: rows.count, by: Int(DSH_SUM_BLOCK_ROWS)) {
      addBlock(values, rows.valid, start..<min(start + Int(DSH_SUM_BLOCK_ROWS), rows.count))
    }
  }

  /// Adds rows of the only group, in independent parts if that works.
  private func addBlock(_ values: UnsafePointer<Double>, _ valid: [UInt64]?, _ rows: Range<Int>) {
    typealias Lanes = [dsh_float_sum]
    let lanes = withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count) { chosen -> Lanes? in
      var start = values + rows.lowerBound
      if let valid, let copy = chosen.baseAddress {
        // A zero in the place of a null changes no sum.
        for row in rows { copy[row - rows.lowerBound] = valid[row &>> 6] &>> UInt64(row & 63) & 1 != 0 ? values[row] : 0 }
        start = UnsafePointer(copy)
      }
      var isExact = false
      let lanes = Lanes(unsafeUninitializedCapacity: Int(DSH_SUM_LANES)) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        isExact = dsh_sum_block(start, rows.count, base) != 0
        count = Int(DSH_SUM_LANES)
      }
      return isExact ? lanes : nil
    }
    guard let lanes else {
      add(values, valid, rows, groups: nil)
      return
    }
    for lane in lanes {
      add(lane.sum, to: 0)
      add(lane.error, to: 0)
    }
  }

  private func add(_ values: UnsafePointer<Double>, _ valid: [UInt64]?, _ rows: Range<Int>, groups: [UInt32]?) {
    var row = rows.lowerBound
    while true {
      row = dsh_sum_float64(sums.pointer, groups, values, valid, row, rows.upperBound)
      if row == rows.upperBound { return }
      spill(groups.map { Int($0[row]) } ?? 0)
    }
  }

  private func add(_ value: Double, to group: Int) {
    if dsh_add_float(sums.pointer + group, value) != 0 { return }
    spill(group)
    _ = dsh_add_float(sums.pointer + group, value)
  }

  /// Makes room for further digits.
  private func spill(_ group: Int) {
    exact[group].add(sums[group].sum)
    exact[group].add(sums[group].error)
    sums[group] = dsh_float_sum(sum: 0, error: 0)
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let partialSums = states[0].fixed(Double.self), let errors = states[1].fixed(Double.self) else { return }
    var row = 0
    while true {
      row = dsh_merge_float_sums(sums.pointer, groups, partialSums, errors, row, states[0].count)
      if row == states[0].count { break }
      spill(Int(groups[row]))
      add(partialSums[row], to: Int(groups[row]))
      add(errors[row], to: Int(groups[row]))
      row += 1
    }
    mergeCounts(states[2], groups: groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let sumBuilder = ColumnBuilder(type: .float64, rows: groupCount)
    let errorBuilder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      sumBuilder.append(float64: sums[group].sum)
      errorBuilder.append(float64: sums[group].error)
    }
    return [sumBuilder.finish(), errorBuilder.finish(), countColumn(rowCounts, groupCount)]
  }

  override func furtherStates() -> (accumulator: Accumulator, groups: [Int])? {
    let further = FloatSum()
    var groups: [Int] = []
    for group in exact.groups {
      var number = exact[group]
      while !number.isZero {
        groups.append(group)
        further.grow(to: groups.count)
        further.sums[groups.count - 1] = dsh_float_sum(sum: number.takeNearest(), error: number.takeNearest())
      }
    }
    return groups.isEmpty ? nil : (further, groups)
  }

  override func totals(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      if valueCount(group, rowCounts) == 0 { builder.appendNull() } else { builder.append(float64: total(group)) }
    }
    return builder.finish()
  }

  override func means(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let values = valueCount(group, rowCounts)
      if values == 0 { builder.appendNull() } else { builder.append(float64: total(group) / Double(values)) }
    }
    return builder.finish()
  }

  /// The sum of a group, rounded once.
  private func total(_ group: Int) -> Double {
    let state = sums[group]
    guard state.sum.isFinite, var number = exact.number(of: group) else { return state.sum + state.error }
    number.add(state.sum)
    number.add(state.error)
    return number.rounded
  }
}
