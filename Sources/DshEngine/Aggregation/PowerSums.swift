// `corr`, `covar`, `skew` and `kurtosis`: sums of products of powers, with every digit.

import CDshKernels
import DshColumns

/// For each group the sums of some monomials such as x² or x · y over the rows where every argument is a value.
///
/// No order and no split shows in them, and nothing cancels in what is computed from them. 512 bits hold nearly every sum; the products that
/// don't fit go to an exact number. A state is a list of pieces of the sums, and the number of rows.
final class PowerSums: Accumulator {
  private let monomials: [dsh_monomial]
  /// The sums of the first group, then those of the next.
  private let sums = GroupArray(initial: dsh_wide_sum())
  private var further = ExactNumbers()
  /// The groups that met a value that is not finite.
  private var unbounded: Set<Int> = []

  init(_ monomials: [dsh_monomial]) { self.monomials = monomials }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    sums.grow(to: groupCount * monomials.count)
  }

  override var sizeBytes: Int { super.sizeBytes + sums.sizeBytes + further.sizeBytes + unbounded.capacity * 16 }
  override var extent: Int { sums.count * PowerSumPiece.typicalWordCount }

  override func update(_ arguments: [AggregateRows]) {
    let rows = AggregateRows(arguments)
    skip(allBut: rows.valid, of: rows)
    guard let x = rows.column.fixed(Double.self) else { return }
    let y = arguments.count > 1 ? arguments[1].column.fixed(Double.self) : nil
    if arguments.count > 1 && y == nil { return }
    var row = 0
    while true {
      row = dsh_add_powers(sums.pointer, rows.groups, x, y, rows.valid, monomials, Int32(monomials.count), row, rows.count)
      if row == rows.count { return }
      addExactly(x[row], y?[row] ?? 1, to: rows.group(row))
      row += 1
    }
  }

  /// Adds a row for which there was no room.
  private func addExactly(_ x: Double, _ y: Double, to group: Int) {
    guard x.isFinite && y.isFinite else {
      unbounded.insert(group)
      return
    }
    for (index, monomial) in monomials.enumerated() {
      var product = ExactNumber()
      product.add(Int64(1))
      for (value, power) in [(x, monomial.x_power), (y, monomial.y_power)] {
        var factor = ExactNumber()
        factor.add(value)
        for _ in 0..<power { product = product * factor }
      }
      further[group * monomials.count + index].add(product)
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard case .list(let offsets, let elements) = states[0].storage, let words = elements.fixed(Int64.self) else { return }
    let ends = offsets.pointer(to: Int32.self)
    for row in 0..<states[0].count {
      var state = UnsafeBufferPointer(start: words + Int(ends[row]), count: Int(ends[row + 1] - ends[row]))[...]
      while !state.isEmpty {
        guard let piece = PowerSumPiece(readingFrom: &state), piece.monomial < monomials.count else {
          // A value that is not finite; or no accumulator hands on such a state.
          unbounded.insert(Int(groups[row]))
          break
        }
        add(piece, to: Int(groups[row]) * monomials.count + piece.monomial)
      }
    }
    mergeCounts(states[1], groups: groups)
  }

  private func add(_ piece: PowerSumPiece, to place: Int) {
    let (isNegative, magnitude) = piece.magnitude
    if dsh_wide_add(sums.pointer + place, magnitude, Int32(magnitude.count), Int64(piece.exponent), isNegative ? 1 : 0) != 0 { return }
    for (index, word) in magnitude.enumerated() {
      further[place].add((high: 0, low: word), exponent: piece.exponent + index * 64, isNegative: isNegative)
    }
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    var groups: [UInt32] = []
    let words = ColumnBuilder(type: .int64)
    for group in 0..<groupCount {
      let before = words.count
      if unbounded.contains(group) { words.append(int64: PowerSumPiece.unbounded) }
      for monomial in monomials.indices {
        let place = group * monomials.count + monomial
        PowerSumPiece(monomial, sums[place])?.write(to: words)
        for piece in further.number(of: place)?.pieces(monomial) ?? [] { piece.write(to: words) }
      }
      groups += repeatElement(UInt32(truncatingIfNeeded: group), count: words.count - before)
    }
    return [GroupedLists(words.finish(), groups: groups).lists(groupCount), countColumn(rowCounts, groupCount)]
  }

  /// A result for each group: null where the function gives none, NaN where a value was not finite.
  ///
  /// - Parameter leastCount: groups of fewer rows have no result.
  func results(
    leastCount: Int64, _ rowCounts: GroupArray<Int64>, _ groupCount: Int,
    _ result: (_ count: Int64, _ sums: [ExactNumber]) -> Double
  ) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      let count = valueCount(group, rowCounts)
      if count < leastCount {
        builder.appendNull()
      } else if unbounded.contains(group) {
        builder.append(float64: .nan)
      } else {
        builder.append(float64: result(count, monomials.indices.map { total(group * monomials.count + $0) }))
      }
    }
    return builder.finish()
  }

  private func total(_ place: Int) -> ExactNumber {
    var total = further[place]
    if let piece = PowerSumPiece(0, sums[place]) {
      let (isNegative, magnitude) = piece.magnitude
      for (index, word) in magnitude.enumerated() {
        total.add((high: 0, low: word), exponent: piece.exponent + index * 64, isNegative: isNegative)
      }
    }
    return total
  }
}

extension AggregateState where States == PowerSums {
  /// The sums of x, x², x³ and x⁴.
  static let powers = AggregateState("powers", { _ in [.list(.int64), .int64] }) { _ in
    PowerSums((1...4).map { dsh_monomial(x_power: $0, y_power: 0) })
  }

  /// The sums of x, y, x · y, x² and y².
  static let products = AggregateState("products", { _ in [.list(.int64), .int64] }) { _ in
    PowerSums([(1, 0), (0, 1), (1, 1), (2, 0), (0, 2)].map { dsh_monomial(x_power: $0, y_power: $1) })
  }
}
