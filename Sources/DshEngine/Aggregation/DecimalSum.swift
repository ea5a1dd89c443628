// `sum` and `mean` of decimals, exact in 192 bits.

import DshColumns
import DshDiagnostics

/// Exact sums; only a final sum of more than 38 digits is an error, whatever the order in which values come.
final class DecimalSum: SumAccumulator {
  /// The 128 bits that a decimal has, and what does not fit them.
  private struct Wide: BitwiseCopyable {
    var low: UInt128 = 0
    var high: Int64 = 0

    @inline(__always) mutating func add(_ low: UInt128, _ high: Int64) {
      let (sum, carry) = self.low.addingReportingOverflow(low)
      self.low = sum
      self.high &+= high &+ (carry ? 1 : 0)
    }

    @inline(__always) mutating func add(_ value: Int128) { add(UInt128(bitPattern: value), value < 0 ? -1 : 0) }

    /// The sum, if 128 bits hold it.
    var int128: Int128? {
      let number = Int128(bitPattern: low)
      return high == (number < 0 ? -1 : 0) ? number : nil
    }

    var double: Double { int128.map { Double($0) } ?? Double(high) * 0x1p128 + Double(low) }
  }

  private let scale: Int
  private let sums = GroupArray(initial: Wide())

  init(scale: Int) { self.scale = scale }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    sums.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + sums.sizeBytes }

  override func add(_ rows: AggregateRows) {
    guard let values = rows.column.fixed(Int128.self) else { return }
    let sums = sums.pointer
    if rows.groups == nil && rows.valid == nil {
      var sum = sums[0]
      for row in 0..<rows.count { sum.add(values[row]) }
      sums[0] = sum
    } else {
      for row in 0..<rows.count where rows.isValid(row) { sums[rows.group(row)].add(values[row]) }
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let lows = states[0].fixed(UInt128.self), let highs = states[1].fixed(Int64.self) else { return }
    for row in 0..<states[0].count { sums.pointer[Int(groups[row])].add(lows[row], highs[row]) }
    mergeCounts(states[2], groups: groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let lows = ColumnBuilder(type: Self.lowType, rows: groupCount)
    for group in 0..<groupCount { lows.append(int128: Int128(bitPattern: sums[group].low)) }
    return [
      lows.finish(), .int64(count: groupCount) { output in for group in 0..<groupCount { output[group] = sums[group].high } },
      countColumn(rowCounts, groupCount),
    ]
  }

  /// The low 128 bits of a sum travel as a number of that width.
  static let lowType = DataType.decimal(precision: DataType.largestPrecision, scale: 0)

  override func totals(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: .decimal(precision: DataType.largestPrecision, scale: scale), rows: groupCount)
    let bound = DecimalNumber.power(DataType.largestPrecision).magnitude
    for group in 0..<groupCount {
      if valueCount(group, rowCounts) == 0 {
        builder.appendNull()
      } else if let sum = sums[group].int128, sum.magnitude < bound {
        builder.append(int128: sum)
      } else {
        throw RowError(
          Diagnostic(
            .integerOverflow, "a sum has more than \(DataType.largestPrecision) digits",
            suggestion: "sum(float64(x)) where exact digits do not matter"),
          row: group)
      }
    }
    return builder.finish()
  }

  override func means(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    let unit = DecimalNumber.double(DecimalNumber.power(scale), scale: 0)
    for group in 0..<groupCount {
      let values = valueCount(group, rowCounts)
      if values == 0 { builder.appendNull() } else { builder.append(float64: sums[group].double / (Double(values) * unit)) }
    }
    return builder.finish()
  }
}
