// `*`, `/`, `//` and `%`.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let products = [
    Function(
      "*", .operator, ["a", "b"], [.from(.int64, .int64, to: .int64), .decimals(.product), .from(.float64, .float64, to: .float64)],
      "Multiplies.", examples: [("6 * 7", "42"), ("1.5 * 2", "3.0")]
    ) { site in
      if site.isDecimal { return site.decimalProduct() }
      if site.types[0] == .float64 { return Kernel.floats(DSH_MULTIPLY) }
      return Kernel(canFail: true) { call in
        call.checkedMap("*") { a, b in
          let (product, overflow) = a.multipliedReportingOverflow(by: b)
          return (product, overflow ? -1 : 0)
        }
      }
    },
    Function(
      "/", .operator, ["a", "b"], [.from(.float64, .float64, to: .float64)],
      "Divides as floating point numbers; division by zero gives an infinity or NaN.",
      examples: [("7 / 2", "3.5"), ("1 / 0", "inf"), ("0 / 0", "nan")]
    ) { _ in Kernel { $0.map(Double.self, Double.self) { $0 / $1 } } },
    Function(
      "//", .operator, ["a", "b"], [.from(.int64, .int64, to: .int64), .from(.float64, .float64, to: .float64)],
      "Divides and rounds down to a whole number, as in Python; an integer divided by zero is null.",
      examples: [("7 // 2", "3"), ("-7 // 2", "-4"), ("7 // 0", "null"), ("7.5 // 2", "3.0")]
    ) { site in
      if site.types[0] == .float64 { return Kernel { $0.map(Double.self, Double.self) { ($0 / $1).rounded(.down) } } }
      return Kernel(canFail: true) { call in
        call.integerDivision(mayOverflow: true) { a, b in
          let quotient = a / b
          return quotient &- ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0)
        }
      }
    },
    Function(
      "%", .operator, ["a", "b"], [.from(.int64, .int64, to: .int64), .from(.float64, .float64, to: .float64)],
      "Gives what `//` leaves over, with the sign of the divisor as in Python; an integer modulo zero is null.",
      examples: [("7 % 3", "1"), ("-7 % 3", "2"), ("7 % -3", "-2"), ("7 % 0", "null"), ("7.5 % 2", "1.5")]
    ) { site in
      if site.types[0] == .float64 {
        return Kernel { call in
          call.map(Double.self, Double.self) { a, b in
            let remainder = dsh_fmod(a, b)
            return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
          }
        }
      }
      return Kernel { call in
        call.integerDivision(mayOverflow: false) { a, b in
          if b == -1 { return 0 }
          let remainder = a % b
          return remainder != 0 && (remainder < 0) != (b < 0) ? remainder &+ b : remainder
        }
      }
    },
  ]
}

extension Call {
  /// An integer division; the step is not asked where the divisor is zero (null) or the quotient beyond 64 bits (an error).
  @inline(__always) fileprivate func integerDivision(mayOverflow: Bool, _ step: (Int64, Int64) -> Int64) -> Column {
    let a = FixedArgument<Int64>(arguments[0])
    let b = FixedArgument<Int64>(arguments[1])
    return mapOptional(Int64.self) { row in
      if b[row] == 0 { return nil }
      if b[row] == -1 && a[row] == .min && mayOverflow {
        fail(row, .integerOverflow("\(a[row]) // -1"))
        return nil
      }
      return step(a[row], b[row])
    }
  }
}
