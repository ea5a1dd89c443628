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
  ]
}
