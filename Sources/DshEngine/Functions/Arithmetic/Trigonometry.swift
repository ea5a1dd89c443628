// Angles in radians.

import CDshKernels
import DshColumns
import DshPlan

extension FunctionRegistry {
  static let trigonometry = [
    floatFunction("sin", "The sine of an angle in radians.", [("sin(0)", "0.0"), ("round(sin(pi() / 2), 9)", "1.0")]) { dsh_sin($0) },
    floatFunction("cos", "The cosine of an angle in radians.", [("cos(0)", "1.0"), ("round(cos(pi()), 6)", "-1.0")]) { dsh_cos($0) },
    floatFunction("tan", "The tangent of an angle in radians.", [("tan(0)", "0.0"), ("round(tan(pi() / 4), 6)", "1.0")]) { dsh_tan($0) },
    floatFunction("asin", "The angle whose sine it is.", [("round(asin(1), 6)", "1.570796"), ("asin(0)", "0.0")]) { dsh_asin($0) },
    floatFunction("acos", "The angle whose cosine it is.", [("acos(1)", "0.0"), ("round(acos(0), 6)", "1.570796")]) { dsh_acos($0) },
    floatFunction("atan", "The angle whose tangent it is.", [("round(atan(1), 6)", "0.785398"), ("atan(0)", "0.0")]) { dsh_atan($0) },
    Function(
      "atan2", .arithmetic, ["y", "x"], [.from(.float64, .float64, to: .float64)], "The angle of the point (x, y).",
      examples: [("round(atan2(1, 1), 6)", "0.785398"), ("round(atan2(1, -1), 6)", "2.356194")]
    ) { _ in Kernel { $0.map(Double.self, Double.self) { dsh_atan2($0, $1) } } },
    floatFunction("degrees", "Radians as degrees.", [("degrees(pi())", "180.0"), ("round(degrees(1), 6)", "57.29578")]) {
      $0 * 180 / Double.pi
    },
    floatFunction("radians", "Degrees as radians.", [("round(radians(180), 6)", "3.141593"), ("round(radians(90), 6)", "1.570796")]) {
      $0 * Double.pi / 180
    },
    Function(
      "pi", .arithmetic, [], [.from(to: .float64)], "The number pi.",
      examples: [("round(pi(), 5)", "3.14159"), ("round(pi() * 2, 3)", "6.283")]
    ) { _ in
      Kernel { call in call.fixed(Double.self) { output in for row in 0..<call.rowCount { output[row] = Double.pi } } }
    },
  ]
}
