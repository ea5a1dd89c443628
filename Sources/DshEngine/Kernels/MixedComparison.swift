// Comparisons of integers with floating point numbers, by their exact values: an integer has digits that a double can't hold.

import CDshKernels
import DshColumns

extension Comparison {
  /// The rows for which it holds between a column of integers and doubles; rows with a null hold anything.
  func mixedRows(_ integers: Operand, _ floats: Operand, _ rowCount: Int) -> Bitmap {
    if floats.isConstant, !integers.isConstant { return rows(integers, exactly(FixedArgument<Double>(floats)[0]), rowCount) }
    let left = FixedArgument<Int64>(integers)
    let right = FixedArgument<Double>(floats)
    return .make(count: rowCount) { word in
      var bits: UInt64 = 0
      for row in word &* 64..<min(rowCount, word &* 64 &+ 64) where holds(left[row], right[row]) { bits |= 1 &<< UInt64(row & 63) }
      return bits
    }
  }

  /// Whether it holds between an integer and a double; NaN differs from everything, and has no order.
  private func holds(_ integer: Int64, _ number: Double) -> Bool {
    if number.isNaN { return self == .notEqual }
    // Rounding keeps the order, so that it can only be lost where both are equal then.
    let rounded = Double(integer)
    if rounded != number { return holds(rounded < number ? -1 : 1) }
    guard let exact = Int64(exactly: number) else { return holds(-1) }
    return holds(integer == exact ? 0 : integer < exact ? -1 : 1)
  }

  /// What a comparison of any integer with a double amounts to.
  private enum Exactly {
    case always, never
    case comparison(Comparison, Int64)
  }

  private func exactly(_ number: Double) -> Exactly {
    func known(_ order: Int) -> Exactly { holds(order) ? .always : .never }
    if number.isNaN { return self == .notEqual ? .always : .never }
    if number >= 0x1p63 { return known(-1) }
    if number < -0x1p63 { return known(1) }
    let whole = number.rounded(.down)
    guard let bound = Int64(exactly: whole) else { return .never }
    if whole == number { return .comparison(self, bound) }
    switch self {
    case .equal: return .never
    case .notEqual: return .always
    case .less, .lessOrEqual: return .comparison(.lessOrEqual, bound)
    case .greater, .greaterOrEqual: return .comparison(.greater, bound)
    }
  }

  private func rows(_ integers: Operand, _ exactly: Exactly, _ rowCount: Int) -> Bitmap {
    switch exactly {
    case .always: .repeating(true, count: rowCount)
    case .never: .repeating(false, count: rowCount)
    case .comparison(let comparison, let bound): comparison.rows(integers, Operand(.int64(bound), type: .int64), rowCount: rowCount)
    }
  }
}
