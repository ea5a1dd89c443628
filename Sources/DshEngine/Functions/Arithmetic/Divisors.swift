// Greatest common divisor, least common multiple and factorial.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let divisors = [
    Function(
      "gcd", .arithmetic, ["a", "b"], [.from(.int64, .int64, to: .int64)], "The greatest common divisor, never negative.",
      examples: [("gcd(12, 18)", "6"), ("gcd(0, -5)", "5")]
    ) { _ in Kernel(canFail: true) { $0.checkedPairs("gcd") { Int64(exactly: commonDivisor($0, $1)) } } },
    Function(
      "lcm", .arithmetic, ["a", "b"], [.from(.int64, .int64, to: .int64)], "The least common multiple, never negative; 0 with 0.",
      examples: [("lcm(4, 6)", "12"), ("lcm(0, 5)", "0")]
    ) { _ in
      Kernel(canFail: true) { call in
        call.checkedPairs("lcm") { a, b in
          if a == 0 || b == 0 { return 0 }
          let (product, overflow) = (a.magnitude / commonDivisor(a, b)).multipliedReportingOverflow(by: b.magnitude)
          return overflow ? nil : Int64(exactly: product)
        }
      }
    },
    Function(
      "factorial", .arithmetic, ["n"], [.from(.int64, to: .int64)], "The product of the whole numbers from 1 to n, which is 0 to 20.",
      examples: [("factorial(5)", "120"), ("factorial(0)", "1")]
    ) { _ in
      Kernel(canFail: true) { call in
        let numbers = FixedArgument<Int64>(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            let n = numbers[row]
            output[row] = 0...20 ~= n ? (0..<n).reduce(1) { $0 * ($1 + 1) } : 0
            if n < 0 { call.fail(row, Diagnostic(.badArgument, "negative numbers have no factorial: \(n)")) }
            if n > 20 { call.fail(row, .integerOverflow("factorial(\(n))")) }
          }
        }
      }
    },
  ]

  /// By Euclid; of magnitudes, as the least integer has no positive counterpart.
  private static func commonDivisor(_ a: Int64, _ b: Int64) -> UInt64 {
    var (x, y) = (a.magnitude, b.magnitude)
    while y != 0 { (x, y) = (y, x % y) }
    return x
  }
}

extension Call {
  /// An integer from two, with the row noted where the step gives nil.
  @inline(__always) func checkedPairs(_ name: StaticString, _ step: (Int64, Int64) -> Int64?) -> Column {
    let a = FixedArgument<Int64>(arguments[0])
    let b = FixedArgument<Int64>(arguments[1])
    return fixed(Int64.self) { output in
      for row in 0..<rowCount {
        let result = step(a[row], b[row])
        output[row] = result ?? 0
        if result == nil { fail(row, .integerOverflow("\(name)(\(a[row]), \(b[row]))")) }
      }
    }
  }
}
