// `sum` and `mean` of float64 in doubled precision.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

/// Sums with the error that rounding leaves, so that the order in which values come hardly ever shows in a result.
final class FloatSum: Accumulator {
  private let sums = GroupArray(initial: dsh_float_sum(sum: 0, error: 0))

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    sums.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + sums.sizeBytes }

  override func add(_ rows: AggregateRows) {
    guard let values = rows.column.fixed(Double.self) else { return }
    if let groups = rows.groups {
      dsh_sum_float64(sums.pointer, groups, values, rows.valid, rows.count)
    } else {
      dsh_sum_all_float64(sums.pointer, values, rows.valid, rows.count)
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let partialSums = states[0].fixed(Double.self), let errors = states[1].fixed(Double.self) else { return }
    for row in 0..<states[0].count {
      let group = Int(groups[row])
      dsh_add_float(sums.pointer + group, partialSums[row])
      sums.pointer[group].error += errors[row]
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

  override func result(_ call: AggregateCall, _ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let values = valueCount(group, rowCounts)
      // Where infinities or NaN came in, the error is meaningless.
      let state = sums[group]
      let sum = state.sum.isFinite ? state.sum + state.error : state.sum
      if values == 0 { builder.appendNull() } else { builder.append(float64: call.function == .mean ? sum / Double(values) : sum) }
    }
    return builder.finish()
  }
}
