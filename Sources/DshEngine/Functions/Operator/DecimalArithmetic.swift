// The arithmetic of decimals: exact, with an error where 38 digits don't hold the result.

import DshColumns
import DshDiagnostics
import DshPlan

extension CallSite {
  /// The digits behind the point of an argument; nil if it is no decimal.
  func scale(_ index: Int) -> Int? { if case .decimal(_, let scale) = types[index] { scale } else { nil } }

  /// Whether the first argument is a decimal.
  var isDecimal: Bool { scale(0) != nil }

  /// A sum or difference of decimals.
  func decimalSum(_ symbol: String, _ step: @escaping @Sendable (Int128, Int128) -> (partialValue: Int128, overflow: Bool)) -> Kernel {
    guard let a = scale(0), let b = scale(1) else { preconditionFailure("of decimals") }
    let (left, right) = (DecimalNumber.power(max(a, b) - a), DecimalNumber.power(max(a, b) - b))
    return decimals(symbol) { x, y in
      let (scaledX, overflowX) = x.multipliedReportingOverflow(by: left)
      let (scaledY, overflowY) = y.multipliedReportingOverflow(by: right)
      let (sum, overflow) = step(scaledX, scaledY)
      return overflowX || overflowY || overflow ? nil : sum
    }
  }

  /// A product of decimals; of more digits behind the point than its type has, the last are rounded.
  func decimalProduct() -> Kernel {
    guard let a = scale(0), let b = scale(1), case .decimal(let precision, let scale) = result else { preconditionFailure("of decimals") }
    if a + b == scale {
      return decimals("*") { x, y in
        let (product, overflow) = x.multipliedReportingOverflow(by: y)
        return overflow ? nil : product
      }
    }
    return decimals("*") { x, y in
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? nil : DecimalNumber.rescaled(product, from: a + b, to: scale, precision: precision)
    }
  }

  private func decimals(_ symbol: String, _ step: @escaping @Sendable (Int128, Int128) -> Int128?) -> Kernel {
    guard case .decimal(let precision, _) = result, let a = scale(0), let b = scale(1) else { preconditionFailure("of decimals") }
    let bound = DecimalNumber.power(precision).magnitude
    return Kernel(canFail: true) { call in
      let (x, y) = (FixedArgument<Int128>(call.arguments[0]), FixedArgument<Int128>(call.arguments[1]))
      return call.fixed(Int128.self) { output in
        for row in 0..<call.rowCount {
          if let value = step(x[row], y[row]), value.magnitude < bound {
            output[row] = value
          } else {
            output[row] = 0
            call.fail(row, .decimalOverflow("\(text(x[row], a)) \(symbol) \(text(y[row], b))"))
          }
        }
      }
    }
  }

  /// One decimal from one.
  func decimal(_ step: @escaping @Sendable (Int128) -> Int128) -> Kernel { Kernel { $0.map(Int128.self) { step($0) } } }

  /// A decimal rounded to a number of digits behind the point, none if nothing is said, as a decimal of the same type.
  func roundedDecimal() -> Kernel {
    guard case .decimal(let precision, let scale) = types[0] else { preconditionFailure("of decimals") }
    let hasDigits = types.count > 1
    return Kernel(canFail: true) { call in
      let x = FixedArgument<Int128>(call.arguments[0])
      let digits = hasDigits ? FixedArgument<Int64>(call.arguments[1]) : nil
      return call.fixed(Int128.self) { output in
        for row in 0..<call.rowCount {
          let cut = Int64(scale) - (digits?[row] ?? 0)
          output[row] = x[row]
          if cut <= 0 { continue }
          let unit = cut > Int64(DataType.largestPrecision) ? nil : DecimalNumber.power(Int(cut))
          guard let unit else {
            output[row] = 0
            continue
          }
          let (quotient, remainder) = x[row].quotientAndRemainder(dividingBy: unit)
          let isUp = remainder.magnitude >= unit.magnitude - remainder.magnitude
          let (rounded, overflow) = (isUp ? quotient + (x[row] < 0 ? -1 : 1) : quotient).multipliedReportingOverflow(by: unit)
          output[row] = rounded
          if overflow || rounded.magnitude >= DecimalNumber.power(precision).magnitude {
            call.fail(row, .decimalOverflow("round(\(text(x[row], scale)))"))
          }
        }
      }
    }
  }

  /// A decimal without its digits behind the point, as a decimal of the same type.
  func wholeDecimal(_ rule: FloatingPointRoundingRule) -> Kernel {
    let unit = DecimalNumber.power(scale(0) ?? 0)
    return decimal { value in
      let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
      if remainder == 0 { return value }
      switch rule {
      case .down: return (remainder < 0 ? quotient - 1 : quotient) * unit
      case .up: return (remainder > 0 ? quotient + 1 : quotient) * unit
      default: return quotient * unit
      }
    }
  }
}

private func text(_ value: Int128, _ scale: Int) -> String {
  CellText.string(.decimal(DecimalNumber(value, scale: scale))) ?? "null"
}

extension Diagnostic {
  static func decimalOverflow(_ what: String) -> Diagnostic {
    Diagnostic(.integerOverflow, "\(what) has more digits than a decimal holds", suggestion: "float64(x) where exact digits do not matter")
  }
}
