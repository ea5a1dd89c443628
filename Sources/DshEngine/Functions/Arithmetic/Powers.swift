// Powers, roots and the exponential function.

import CDshKernels
import DshColumns
import DshPlan

extension FunctionRegistry {
  static let powers = [
    Function(
      "pow", .arithmetic, ["base", "exponent"], [.from(.float64, .float64, to: .float64)], "A number to a power.",
      examples: [("pow(2, 10)", "1024.0"), ("pow(9, 0.5)", "3.0")]
    ) { _ in Kernel { $0.map(Double.self, Double.self) { dsh_pow($0, $1) } } },
    floatFunction("sqrt", "The square root; NaN of a negative number.", [("sqrt(16)", "4.0"), ("sqrt(-1)", "nan")]) { $0.squareRoot() },
    floatFunction("cbrt", "The cube root.", [("cbrt(8)", "2.0"), ("cbrt(-8)", "-2.0")]) { dsh_cbrt($0) },
    floatFunction("exp", "e to a power.", [("exp(0)", "1.0"), ("round(exp(1), 6)", "2.718282")]) { dsh_exp($0) },
    floatFunction("exp2", "2 to a power.", [("exp2(10)", "1024.0"), ("exp2(-1)", "0.5")]) { dsh_exp2($0) },
    floatFunction(
      "expm1", "e to a power, less 1; exact near 0, where `exp(x) - 1` is not.", [("expm1(0)", "0.0"), ("expm1(1e-12) > 1e-12", "true")]
    ) {
      dsh_expm1($0)
    },
    Function(
      "hypot", .arithmetic, ["x", "y"], [.from(.float64, .float64, to: .float64)],
      "The distance of the point (x, y) from the origin: the square root of the sum of squares, without overflow on the way.",
      examples: [("hypot(3, 4)", "5.0"), ("hypot(5, 12)", "13.0")]
    ) { _ in Kernel { $0.map(Double.self, Double.self) { dsh_hypot($0, $1) } } },
    Function(
      "e", .arithmetic, [], [.from(to: .float64)], "Euler's number e.",
      examples: [("round(e(), 5)", "2.71828"), ("round(ln(e()), 9)", "1.0")]
    ) { _ in
      Kernel { call in call.fixed(Double.self) { output in for row in 0..<call.rowCount { output[row] = 0x1.5bf0a8b145769p1 } } }
    },
  ]
}
