// `std` and `var`: how far values lie from their mean, exact until the result is rounded.

import CDshKernels
import DshColumns

/// The sum of the values and that of their squares, both to the last digit: no order and no split shows in a result, and nothing cancels.
final class Deviation: Accumulator {
  private let moments = GroupArray(initial: dsh_moments())
  private var exactValues = ExactNumbers()
  private var exactSquares = ExactNumbers()
  /// What the exponents of squares are raised by, in further states alone.
  private var squareScales: [Int64] = []
  /// The sum of the squares of any doubles lies far between.
  private static let squareScaleLimits: ClosedRange<Int64> = -4096...4096

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    moments.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + moments.sizeBytes + exactValues.sizeBytes + exactSquares.sizeBytes }

  override func add(_ rows: AggregateRows) {
    if rows.column.type == .float64, let values = rows.column.fixed(Double.self) {
      add(values, rows)
    } else if let values = rows.column.fixed(Int64.self) {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count) { converted in
        guard let start = converted.baseAddress else { return }
        for row in 0..<rows.count { start[row] = Double(values[row]) }
        add(UnsafePointer(start), rows)
      }
    }
  }

  private func add(_ values: UnsafePointer<Double>, _ rows: AggregateRows) {
    var row = 0
    while true {
      row = dsh_add_moments(moments.pointer, rows.groups, values, rows.valid, row, rows.count)
      if row == rows.count { return }
      let group = rows.group(row)
      spill(group)
      // One that is refused again has a square beyond what a double can hold.
      if dsh_add_moments(moments.pointer + group, nil, values + row, nil, 0, 1) == 0 {
        exactValues[group].add(values[row])
        exactSquares[group].addSquare(of: values[row])
      }
      row += 1
    }
  }

  /// Makes room for further digits.
  private func spill(_ group: Int) {
    let state = moments[group]
    exactValues[group].add(state.values.sum)
    exactValues[group].add(state.values.error)
    exactSquares[group].add(state.squares.0)
    exactSquares[group].add(state.squares.1)
    exactSquares[group].add(state.squares.2)
    moments[group] = dsh_moments()
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    let parts = states.prefix(5).compactMap { $0.fixed(Double.self) }
    guard parts.count == 5, let scales = states[5].fixed(Int64.self) else { return }
    for row in 0..<states[0].count {
      let group = Int(groups[row])
      // No accumulator hands on such a state, but what another process sends may be anything.
      guard parts.dropFirst().allSatisfy({ $0[row].isFinite }), Self.squareScaleLimits.contains(scales[row]) else {
        moments[group].values = dsh_float_sum(sum: .nan, error: 0)
        continue
      }
      var other = dsh_moments(
        values: dsh_float_sum(sum: parts[0][row], error: parts[1][row]), squares: (parts[2][row], parts[3][row], parts[4][row]))
      if scales[row] != 0 {
        for part in parts[2...] { exactSquares[group].add(part[row], scale: Int(scales[row])) }
        other.squares = (0, 0, 0)
      }
      if dsh_merge_moments(moments.pointer + group, &other) != 0 { continue }
      spill(group)
      moments[group] = other
    }
    mergeCounts(states[6], groups: groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let builders = (0..<5).map { _ in ColumnBuilder(type: .float64, rows: groupCount) }
    for group in 0..<groupCount {
      let state = moments[group]
      let parts = [state.values.sum, state.values.error, state.squares.0, state.squares.1, state.squares.2]
      for (builder, part) in zip(builders, parts) { builder.append(float64: part) }
    }
    let scales = ColumnBuilder(type: .int64, rows: groupCount)
    for group in 0..<groupCount { scales.append(int64: group < squareScales.count ? squareScales[group] : 0) }
    return builders.map { $0.finish() } + [scales.finish(), countColumn(rowCounts, groupCount)]
  }

  override func furtherStates() -> (accumulator: Accumulator, groups: [Int])? {
    let further = Deviation()
    var groups: [Int] = []
    for group in Set(exactValues.groups + exactSquares.groups).sorted() {
      var values = exactValues[group]
      var squares = exactSquares[group]
      while !values.isZero || !squares.isZero {
        let scale = squares.scale
        groups.append(group)
        further.grow(to: groups.count)
        further.squareScales.append(Int64(scale))
        further.moments[groups.count - 1] = dsh_moments(
          values: dsh_float_sum(sum: values.takeNearest(), error: values.takeNearest()),
          squares: (squares.takeNearest(scale: scale), squares.takeNearest(scale: scale), squares.takeNearest(scale: scale)))
      }
    }
    return groups.isEmpty ? nil : (further, groups)
  }

  /// A measure of how far the values of each group lie from their mean.
  ///
  /// - Parameters:
  ///   - isSample: whether it is estimated from a sample, so that one value less is divided by; null below two values, else below one.
  ///   - isRoot: the standard deviation instead of the variance.
  func spreads(isSample: Bool, isRoot: Bool, _ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let count = valueCount(group, rowCounts)
      if count < (isSample ? 2 : 1) {
        builder.appendNull()
      } else {
        let divisor = Double(count) * Double(isSample ? count - 1 : count)
        builder.append(float64: spread(group, count, divisor, isRoot: isRoot))
      }
    }
    return builder.finish()
  }

  /// (n · Σx² - (Σx)²) / divisor, or its root: the difference is exact, and what is rounded is the quotient and the root.
  private func spread(_ group: Int, _ count: Int64, _ divisor: Double, isRoot: Bool) -> Double {
    let state = moments[group]
    guard state.values.sum.isFinite else { return .nan }
    var rounded = 0.0
    if exactValues.number(of: group) == nil, exactSquares.number(of: group) == nil,
      withUnsafePointer(to: state, { dsh_square_difference($0, Double(count), &rounded) != 0 })
    {
      return isRoot ? (rounded / divisor).squareRoot() : rounded / divisor
    }
    var values = exactValues[group]
    values.add(state.values.sum)
    values.add(state.values.error)
    var squares = exactSquares[group]
    squares.add(state.squares.0)
    squares.add(state.squares.1)
    squares.add(state.squares.2)
    var number = ExactNumber()
    number.add(count)
    var difference = values * values
    difference.negate()
    difference.add(number * squares)
    let scale = difference.scale
    let quotient = difference.takeNearest(scale: scale) / divisor
    return isRoot
      ? Double(sign: .plus, exponent: scale / 2, significand: quotient.squareRoot())
      : Double(sign: .plus, exponent: scale, significand: quotient)
  }
}
