// `product` of float64, rounded once from twice as many digits.

import DshColumns

/// Products of significands in two doubles, with an exponent of their own.
///
/// Nothing overflows or vanishes on the way, whatever the order of the factors. A product is off by less than 2⁻¹⁰⁰ for each factor, so that
/// its 53 digits are the same in every order but where it lies that close to the middle of two doubles.
final class FloatProduct: ProductAccumulator {
  fileprivate struct Product: BitwiseCopyable {
    /// From 1 to 2.
    var high = 1.0
    var low = 0.0
    var exponent: Int64 = 0
    /// The sign, and which of the factors are no ordinary numbers.
    var flags: Int64 = 0
  }

  fileprivate static let isNegative: Int64 = 1
  fileprivate static let hasZero: Int64 = 2
  fileprivate static let hasInfinity: Int64 = 4
  fileprivate static let hasNaN: Int64 = 8

  private let products = GroupArray(initial: Product())

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    products.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + products.sizeBytes }

  override func add(_ rows: AggregateRows) {
    guard let values = rows.column.fixed(Double.self) else { return }
    for row in 0..<rows.count where rows.isValid(row) { products.pointer[rows.group(row)].multiply(by: values[row]) }
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let highs = states[0].fixed(Double.self), let lows = states[1].fixed(Double.self), let exponents = states[2].fixed(Int64.self),
      let flags = states[3].fixed(Int64.self)
    else { return }
    for row in 0..<states[0].count {
      var other = Product(high: highs[row], low: lows[row], exponent: exponents[row], flags: flags[row])
      // No accumulator hands on such a significand, but what another process sends may be anything.
      if !(1...2).contains(other.high) || !(other.low.magnitude <= 1) { other = Product(flags: Self.hasNaN) }
      products.pointer[Int(groups[row])].multiply(by: other)
    }
    mergeCounts(states[4], groups: groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let floats = (0..<2).map { _ in ColumnBuilder(type: .float64, rows: groupCount) }
    let integers = (0..<2).map { _ in ColumnBuilder(type: .int64, rows: groupCount) }
    for group in 0..<groupCount {
      let product = products[group]
      floats[0].append(float64: product.high)
      floats[1].append(float64: product.low)
      integers[0].append(int64: product.exponent)
      integers[1].append(int64: product.flags)
    }
    return (floats + integers).map { $0.finish() } + [countColumn(rowCounts, groupCount)]
  }

  override func totals(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: .float64, rows: groupCount)
    for group in 0..<groupCount {
      if valueCount(group, rowCounts) == 0 { builder.appendNull() } else { builder.append(float64: products[group].value) }
    }
    return builder.finish()
  }
}

extension FloatProduct.Product {
  @inline(__always) fileprivate mutating func multiply(by value: Double) {
    var factor = FloatProduct.Product()
    factor.flags = value.sign == .minus ? FloatProduct.isNegative : 0
    if value == 0 {
      factor.flags |= FloatProduct.hasZero
    } else if value.isFinite {
      factor.high = value.significand
      factor.exponent = Int64(value.exponent)
    } else {
      factor.flags = value.isNaN ? FloatProduct.hasNaN : factor.flags | FloatProduct.hasInfinity
    }
    multiply(by: factor)
  }

  /// (high + low) · (high + low), brought back between 1 and 2; the product of both parts that are low has no digit left to add.
  fileprivate mutating func multiply(by other: FloatProduct.Product) {
    flags = (flags ^ (other.flags & FloatProduct.isNegative)) | (other.flags & ~FloatProduct.isNegative)
    exponent &+= other.exponent
    let product = high * other.high
    let rest = (-product).addingProduct(high, other.high) + (high * other.low + low * other.high)
    high = product + rest
    low = rest - (high - product)
    if high >= 2 {
      high /= 2
      low /= 2
      exponent &+= 1
    }
  }

  fileprivate var value: Double {
    if flags & FloatProduct.hasNaN != 0 { return .nan }
    if flags & FloatProduct.hasInfinity != 0 && flags & FloatProduct.hasZero != 0 { return .nan }
    let sign: FloatingPointSign = flags & FloatProduct.isNegative == 0 ? .plus : .minus
    if flags & FloatProduct.hasZero != 0 { return Double(sign: sign, exponent: 0, significand: 0) }
    if flags & FloatProduct.hasInfinity != 0 { return sign == .minus ? -.infinity : .infinity }
    // Beyond these it is infinite or zero, whatever the significand.
    return Double(sign: sign, exponent: Int(min(max(exponent, -3000), 3000)), significand: high)
  }
}
