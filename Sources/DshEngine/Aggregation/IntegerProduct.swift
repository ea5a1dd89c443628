// `product` of int64, exact.

import DshColumns
import DshDiagnostics

/// Exact products: a zero among the factors makes zero whatever the others are, and only a final product beyond 64 bits is an error,
/// whatever the order in which factors come.
final class IntegerProduct: ProductAccumulator {
  fileprivate struct Product: BitwiseCopyable {
    var magnitude: UInt64 = 1
    /// The sign and what befell the magnitude, which never shrinks: no factor but zero is below 1.
    var flags: Int64 = 0
  }

  fileprivate static let isNegative: Int64 = 1
  fileprivate static let hasZero: Int64 = 2
  fileprivate static let hasOverflown: Int64 = 4

  private let products = GroupArray(initial: Product())

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    products.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + products.sizeBytes }

  override func add(_ rows: AggregateRows) {
    guard let values = rows.column.fixed(Int64.self) else { return }
    for row in 0..<rows.count where rows.isValid(row) {
      let value = values[row]
      let flags = value == 0 ? Self.hasZero : value < 0 ? Self.isNegative : 0
      Self.multiply(&products.pointer[rows.group(row)], by: value == 0 ? 1 : value.magnitude, flags)
    }
  }

  @inline(__always) private static func multiply(_ product: inout Product, by magnitude: UInt64, _ flags: Int64) {
    let (result, isOverflown) = product.magnitude.multipliedReportingOverflow(by: magnitude)
    product.magnitude = isOverflown ? product.magnitude : result
    product.flags = (product.flags ^ (flags & isNegative)) | (flags & ~isNegative) | (isOverflown ? hasOverflown : 0)
  }

  override func merge(_ states: [Column], groups: [UInt32]) {
    guard let magnitudes = states[0].fixed(UInt64.self), let flags = states[1].fixed(Int64.self) else { return }
    for row in 0..<states[0].count {
      Self.multiply(&products.pointer[Int(groups[row])], by: max(magnitudes[row], 1), flags[row])
    }
    mergeCounts(states[2], groups: groups)
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let magnitudes = ColumnBuilder(type: .int64, rows: groupCount)
    let flags = ColumnBuilder(type: .int64, rows: groupCount)
    for group in 0..<groupCount {
      magnitudes.append(int64: Int64(bitPattern: products[group].magnitude))
      flags.append(int64: products[group].flags)
    }
    return [magnitudes.finish(), flags.finish(), countColumn(rowCounts, groupCount)]
  }

  override func totals(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: .int64, rows: groupCount)
    for group in 0..<groupCount {
      if valueCount(group, rowCounts) == 0 {
        builder.appendNull()
      } else if let product = products[group].int64 {
        builder.append(int64: product)
      } else {
        throw RowError(
          Diagnostic(
            .integerOverflow, "a product does not fit int64",
            suggestion: "product(float64(x)) where exact digits do not matter"),
          row: group)
      }
    }
    return builder.finish()
  }
}

extension IntegerProduct.Product {
  /// The product, if 64 bits hold it.
  fileprivate var int64: Int64? {
    if flags & IntegerProduct.hasZero != 0 { return 0 }
    if flags & IntegerProduct.hasOverflown != 0 { return nil }
    if flags & IntegerProduct.isNegative == 0 { return Int64(exactly: magnitude) }
    return magnitude == Int64.min.magnitude ? .min : Int64(exactly: magnitude).map { -$0 }
  }
}
