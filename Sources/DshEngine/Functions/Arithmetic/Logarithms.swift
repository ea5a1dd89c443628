// Logarithms.

import CDshKernels
import DshColumns
import DshPlan

extension FunctionRegistry {
  static let logarithms = [
    floatFunction("ln", "The natural logarithm; NaN of a negative number, -inf of zero.", [("ln(1)", "0.0"), ("ln(0)", "-inf")]) {
      dsh_log($0)
    },
    floatFunction(
      "log1p", "The natural logarithm of 1 + x; exact near 0, where `ln(1 + x)` is not.", [("log1p(0)", "0.0"), ("log1p(-1)", "-inf")]
    ) {
      dsh_log1p($0)
    },
    floatFunction("log2", "The logarithm to base 2.", [("log2(8)", "3.0"), ("log2(0.5)", "-1.0")]) { dsh_log2($0) },
    floatFunction("log10", "The logarithm to base 10.", [("log10(1000)", "3.0"), ("log10(0.01)", "-2.0")]) { dsh_log10($0) },
    Function(
      "log", .arithmetic, ["x", "base"], [.from(.float64, to: .float64), .from(.float64, .float64, to: .float64)],
      "The logarithm to a base, 10 if none is given (`ln` is the natural one).",
      examples: [("log(100)", "2.0"), ("log(8, 2)", "3.0")]
    ) { site in
      site.types.count == 1
        ? Kernel { $0.map(Double.self) { dsh_log10($0) } }
        : Kernel { $0.map(Double.self, Double.self) { $1 == 2 ? dsh_log2($0) : $1 == 10 ? dsh_log10($0) : dsh_log($0) / dsh_log($1) } }
    },
  ]
}
