// `sum` and `mean` of int64, bool and lengths of time, exact in 128 bits.

import CDshKernels
import DshColumns
import DshDiagnostics

/// Exact sums; only a final sum beyond 64 bits is an error, whatever the order in which values come.
final class IntegerSum: SumAccumulator {
  /// Of the sums: int64, or lengths of time.
  private let type: DataType
  private let sums = GroupArray(initial: dsh_integer_sum(low: 0, high: 0))

  init(type: DataType) { self.type = type }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    sums.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + sums.sizeBytes }

  override func add(_ rows: AggregateRows) {
    if let values = rows.column.fixed(Int64.self) {
      if let groups = rows.groups, rows.valid == nil, let few = fewGroups(for: rows.count) {
        dsh_sum_few_int64(sums.pointer, few, groups, values, rows.count)
      } else if let groups = rows.groups {
        dsh_sum_int64(sums.pointer, groups, values, rows.valid, rows.count)
      } else {
        dsh_sum_all_int64(sums.pointer, values, rows.valid, rows.count)
      }
    } else if case .bits(let buffer) = rows.column.storage {
      let bits = Bitmap(buffer: buffer, count: rows.count)
      for row in 0..<rows.count where rows.isValid(row) && bits[row] { dsh_add_integer(sums.pointer + rows.group(row), 1) }
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let lows = states[0].fixed(UInt64.self), let highs = states[1].fixed(Int64.self) else { return }
    let sums = sums.pointer
    for row in 0..<states[0].count {
      let state = sums + Int(groups[row])
      let (low, carry) = state.pointee.low.addingReportingOverflow(lows[row])
      state.pointee.low = low
      state.pointee.high &+= highs[row] &+ (carry ? 1 : 0)
    }
    mergeCounts(states[2], groups: groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let sums = sums.pointer
    return [
      .int64(count: groupCount) { output in for group in 0..<groupCount { output[group] = Int64(bitPattern: sums[group].low) } },
      .int64(count: groupCount) { output in for group in 0..<groupCount { output[group] = sums[group].high } },
      countColumn(rowCounts, groupCount),
    ]
  }

  override func totals(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: type, rows: groupCount)
    for group in 0..<groupCount {
      if valueCount(group, rowCounts) == 0 {
        builder.appendNull()
      } else if let sum = sums[group].int64 {
        builder.append(int64: sum)
      } else {
        let suggestion = type == .int64 ? "sum(float64(x)) where exact digits do not matter" : nil
        throw RowError(
          Diagnostic(.integerOverflow, "a sum does not fit \(type.name)", suggestion: suggestion.map { .words($0) }), row: group)
      }
    }
    return builder.finish()
  }

  override func means(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column {
    if type != .int64 { return roundedMeans(rowCounts, groupCount) }
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let values = valueCount(group, rowCounts)
      let state = sums[group]
      let sum = state.int64.map(Double.init) ?? Double(state.high) * 0x1p64 + Double(state.low)
      if values == 0 { builder.appendNull() } else { builder.append(float64: sum / Double(values)) }
    }
    return builder.finish()
  }

  /// The means as whole numbers, halves away from zero; each lies between the values, so that it fits.
  private func roundedMeans(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column {
    let builder = ColumnBuilder(type: type, rows: groupCount)
    for group in 0..<groupCount {
      let values = Int128(valueCount(group, rowCounts))
      if values == 0 {
        builder.appendNull()
        continue
      }
      let (quotient, rest) = sums[group].int128.quotientAndRemainder(dividingBy: values)
      let isUp = rest.magnitude >= values.magnitude - rest.magnitude
      builder.append(int64: Int64(truncatingIfNeeded: quotient + (isUp ? (rest < 0 ? -1 : 1) : 0)))
    }
    return builder.finish()
  }
}

extension dsh_integer_sum {
  fileprivate var int128: Int128 { Int128(high) << 64 | Int128(low) }

  /// The sum, if 64 bits hold it.
  fileprivate var int64: Int64? {
    let number = Int64(bitPattern: low)
    return high == number >> 63 ? number : nil
  }
}
