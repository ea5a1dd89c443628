// The list of arithmetic functions, and builders for functions of one number.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let arithmetic: [Function] =
    rounding + significance + extremes + buckets + powers + logarithms + trigonometry + hyperbolic + divisors + parity + bits + radix

  /// A function of one float64.
  @inline(__always) static func floatFunction(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ step: @escaping @Sendable (Double) -> Double
  ) -> Function {
    Function(name, .arithmetic, ["x"], [.from(.float64, to: .float64)], summary, examples: examples) { _ in
      Kernel { call in call.map(Double.self) { step($0) } }
    }
  }
}
