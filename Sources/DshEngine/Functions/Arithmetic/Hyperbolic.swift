// Hyperbolic functions and the cotangent.

import CDshKernels
import DshColumns
import DshPlan

extension FunctionRegistry {
  static let hyperbolic = [
    floatFunction("sinh", "The hyperbolic sine.", [("sinh(0)", "0.0"), ("round(sinh(1), 6)", "1.175201")]) { dsh_sinh($0) },
    floatFunction("cosh", "The hyperbolic cosine.", [("cosh(0)", "1.0"), ("round(cosh(1), 6)", "1.543081")]) { dsh_cosh($0) },
    floatFunction("tanh", "The hyperbolic tangent.", [("tanh(0)", "0.0"), ("round(tanh(1), 6)", "0.761594")]) { dsh_tanh($0) },
    floatFunction("asinh", "The number whose hyperbolic sine it is.", [("asinh(0)", "0.0"), ("round(asinh(1), 6)", "0.881374")]) {
      dsh_asinh($0)
    },
    floatFunction(
      "acosh", "The number whose hyperbolic cosine it is; NaN below 1.", [("acosh(1)", "0.0"), ("round(acosh(2), 6)", "1.316958")]
    ) {
      dsh_acosh($0)
    },
    floatFunction(
      "atanh", "The number whose hyperbolic tangent it is; NaN beyond 1.", [("atanh(0)", "0.0"), ("round(atanh(0.5), 6)", "0.549306")]
    ) {
      dsh_atanh($0)
    },
    floatFunction("cot", "The cotangent of an angle in radians.", [("round(cot(pi() / 4), 6)", "1.0"), ("round(cot(1), 6)", "0.642093")]) {
      1 / dsh_tan($0)
    },
  ]
}
