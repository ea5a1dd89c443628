// `std`: the sample standard deviation.

import DshColumns
import DshDiagnostics
import DshPlan

/// Mean and sum of squared differences, value by value (Welford 1962), and of two parts (Chan, Golub and LeVeque 1979).
final class Deviation: Accumulator {
  private struct Moments: BitwiseCopyable {
    var count: Int64 = 0
    var mean = 0.0
    var squares = 0.0

    @inline(__always) mutating func add(_ value: Double) {
      count &+= 1
      let difference = value - mean
      mean += difference / Double(count)
      squares += difference * (value - mean)
    }

    mutating func add(_ other: Moments) {
      if other.count == 0 { return }
      if count == 0 {
        self = other
        return
      }
      let total = count &+ other.count
      let difference = other.mean - mean
      let share = Double(other.count) / Double(total)
      squares += other.squares + difference * difference * Double(count) * share
      mean += difference * share
      count = total
    }
  }

  private let moments = GroupArray(initial: Moments())

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    moments.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + moments.sizeBytes }

  override func add(_ rows: AggregateRows) {
    if rows.column.type == .float64, let values = rows.column.fixed(Double.self) {
      for row in 0..<rows.count where rows.isValid(row) { moments.pointer[rows.group(row)].add(values[row]) }
    } else if let values = rows.column.fixed(Int64.self) {
      for row in 0..<rows.count where rows.isValid(row) { moments.pointer[rows.group(row)].add(Double(values[row])) }
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let counts = states[0].fixed(Int64.self), let means = states[1].fixed(Double.self), let squares = states[2].fixed(Double.self)
    else { return }
    for row in 0..<states[0].count {
      moments.pointer[Int(groups[row])].add(Moments(count: counts[row], mean: means[row], squares: squares[row]))
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let counts = ColumnBuilder(type: .int64, rows: groupCount)
    let means = ColumnBuilder(type: .float64, rows: groupCount)
    let squares = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      counts.append(int64: moments[group].count)
      means.append(float64: moments[group].mean)
      squares.append(float64: moments[group].squares)
    }
    return [counts.finish(), means.finish(), squares.finish()]
  }

  override func result(_ call: AggregateCall, _ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let state = moments[group]
      if state.count < 2 { builder.appendNull() } else { builder.append(float64: (state.squares / Double(state.count - 1)).squareRoot()) }
    }
    return builder.finish()
  }
}
