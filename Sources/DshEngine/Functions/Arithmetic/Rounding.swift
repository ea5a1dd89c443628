// Absolute value, sign, and rounding to whole numbers or decimals.

import CDshKernels
import DshColumns
import DshPlan

extension FunctionRegistry {
  static let rounding = [
    Function(
      "abs", .arithmetic, ["x"], [.from(.int64, to: .int64), .ofDecimal, .from(.float64, to: .float64)], "The number without its sign.",
      examples: [("abs(-3)", "3"), ("abs(-2.5)", "2.5")]
    ) { site in
      if site.isDecimal { return site.decimal { abs($0) } }
      if site.types[0] == .float64 { return Kernel { $0.map(Double.self) { $0.magnitude } } }
      return Kernel(canFail: true) { $0.checkedMap("abs") { $0 == .min ? nil : abs($0) } }
    },
    Function(
      "sign", .arithmetic, ["x"], [.from(.int64, to: .int64), .from(.float64, to: .int64)],
      "-1, 0 or 1 for a negative number, zero or a positive number; 0 for NaN.",
      examples: [("sign(-7)", "-1"), ("sign(0.0)", "0")]
    ) { site in
      if site.types[0] == .float64 { return Kernel { $0.map(Double.self) { Int64($0 > 0 ? 1 : $0 < 0 ? -1 : 0) } } }
      return Kernel { $0.map(Int64.self) { $0.signum() } }
    },
    Function(
      "round", .arithmetic, ["x", "digits"],
      [
        .from(.int64, to: .int64), .ofDecimal, .from(.float64, to: .float64), .from(.int64, .int64, to: .int64),
        Overload([.decimal(0), .exact(.int64)], result: .decimal(0)), .from(.float64, .int64, to: .float64),
      ],
      "Rounds to whole numbers or to a number of decimals (negative: tens, hundreds, …), halves away from zero.",
      examples: [("round(2.5)", "3.0"), ("round(-2.5)", "-3.0"), ("round(3.14159, 2)", "3.14"), ("round(1250, -2)", "1300")]
    ) { site in
      if site.isDecimal { return site.roundedDecimal() }
      switch (site.types[0], site.types.count) {
      case (.float64, 1): return Kernel { $0.map(Double.self) { $0.rounded() } }
      case (.float64, _): return Kernel { $0.map(Double.self, Int64.self) { round($0, digits: $1) } }
      case (_, 1): return Kernel { $0.arguments[0].materialized(rowCount: $0.rowCount) }
      default:
        return Kernel(canFail: true) { call in
          let numbers = FixedArgument<Int64>(call.arguments[0])
          let digits = FixedArgument<Int64>(call.arguments[1])
          return call.fixed(Int64.self) { output in
            for row in 0..<call.rowCount {
              let rounded = round(numbers[row], digits: digits[row])
              output[row] = rounded ?? 0
              if rounded == nil { call.fail(row, .integerOverflow("round(\(numbers[row]), \(digits[row]))")) }
            }
          }
        }
      }
    },
    Function(
      "floor", .arithmetic, ["x"], [.from(.int64, to: .int64), .ofDecimal, .from(.float64, to: .float64)], "The next whole number below.",
      examples: [("floor(2.7)", "2.0"), ("floor(-2.1)", "-3.0")]
    ) { site in wholeNumberKernel(site, .down) },
    Function(
      "ceil", .arithmetic, ["x"], [.from(.int64, to: .int64), .ofDecimal, .from(.float64, to: .float64)], "The next whole number above.",
      examples: [("ceil(2.1)", "3.0"), ("ceil(-2.7)", "-2.0")]
    ) { site in wholeNumberKernel(site, .up) },
    Function(
      "trunc", .arithmetic, ["x"], [.from(.int64, to: .int64), .ofDecimal, .from(.float64, to: .float64)],
      "The number without its decimals.", examples: [("trunc(2.7)", "2.0"), ("trunc(-2.7)", "-2.0")]
    ) { site in wholeNumberKernel(site, .towardZero) },
  ]

  private static func wholeNumberKernel(_ site: CallSite, _ rule: FloatingPointRoundingRule) -> Kernel {
    if site.types[0] == .int64 { return Kernel { $0.arguments[0].materialized(rowCount: $0.rowCount) } }
    if site.isDecimal { return site.wholeDecimal(rule) }
    switch rule {
    case .down: return Kernel { $0.map(Double.self) { $0.rounded(.down) } }
    case .up: return Kernel { $0.map(Double.self) { $0.rounded(.up) } }
    default: return Kernel { $0.map(Double.self) { $0.rounded(.towardZero) } }
    }
  }

  /// A double has no decimals beyond these, and no powers of ten to scale with.
  private static let decimalLimit: Int64 = 308

  static func round(_ x: Double, digits: Int64, _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero) -> Double {
    if digits == 0 || !x.isFinite { return x.rounded(rule) }
    if digits > decimalLimit { return x }
    if digits < -decimalLimit { return 0 }
    let scale = dsh_pow(10, Double(digits.magnitude))
    let rounded = digits > 0 ? (x * scale).rounded(rule) / scale : (x / scale).rounded(rule) * scale
    // Beyond the range of doubles on the way there are no decimals to round away.
    return rounded.isFinite ? rounded : x
  }

  private static func round(_ x: Int64, digits: Int64) -> Int64? {
    if digits >= 0 { return x }
    if digits < -19 { return 0 }
    var unit: UInt64 = 1
    for _ in 0..<(-digits) { unit &*= 10 }
    // 10^19 fits 64 bits without a sign, and so does twice the remainder below it where it is compared with the rest.
    let remainder = x.magnitude % unit
    let down = x.magnitude - remainder
    let (up, overflow) = remainder >= unit - remainder ? down.addingReportingOverflow(unit) : (down, false)
    if overflow { return nil }
    return x < 0 ? Int64(exactly: up).map { -$0 } ?? (up == Int64.min.magnitude ? .min : nil) : Int64(exactly: up)
  }
}
