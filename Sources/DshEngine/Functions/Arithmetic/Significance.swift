// Other ways to round: halves to even, and to a number of significant digits.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let significance = [
    Function(
      "round_even", .arithmetic, ["x", "digits"], [.from(.float64, to: .float64), .from(.float64, .int64, to: .float64)],
      "Rounds to whole numbers or to a number of decimals (negative: tens, hundreds, …), halves to the even neighbour.",
      examples: [
        ("round_even(2.5)", "2.0"), ("round_even(3.5)", "4.0"), ("round_even(0.125, 2)", "0.12"), ("round_even(250, -2)", "200.0"),
      ]
    ) { site in
      if site.types.count == 1 { return Kernel { $0.map(Double.self) { $0.rounded(.toNearestOrEven) } } }
      return Kernel { $0.map(Double.self, Int64.self) { round($0, digits: $1, .toNearestOrEven) } }
    },
    Function(
      "round_significant", .arithmetic, ["x", "digits"], [.from(.float64, .int64, to: .float64)],
      "Rounds to a number of significant digits, halves away from zero.",
      examples: [("round_significant(123456, 2)", "120000.0"), ("round_significant(0.0012345, 3)", "0.00123")]
    ) { _ in
      Kernel(canFail: true) { call in
        let digits = FixedArgument<Int64>(call.arguments[1])
        for row in 0..<call.rowCount where call.isValid(row) && digits[row] < 1 {
          call.fail(row, Diagnostic(.badArgument, "a number has at least 1 significant digit, not \(digits[row])"))
          break
        }
        return call.map(Double.self, Int64.self) { x, digits in
          if x == 0 || !x.isFinite || digits < 1 || digits > significantDigitLimit { return x }
          return round(x, digits: digits - 1 - Int64(dsh_log10(x.magnitude).rounded(.down)))
        }
      }
    },
  ]

  /// No double has more digits than these that differ from those of its neighbours.
  private static let significantDigitLimit: Int64 = 17
}
