// `+` and `-` of numbers and dates, and the sign `neg`.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let sums = [
    Function(
      "+", .operator, ["a", "b"],
      [
        .from(.int64, .int64, to: .int64), .decimals(.sum), .from(.float64, .float64, to: .float64), .from(.date, .int64, to: .date),
        .from(.int64, .date, to: .date),
      ],
      "Adds numbers, or days to a date.",
      examples: [("1 + 2", "3"), ("1 + 0.5", "1.5"), ("date(\"2024-02-28\") + 2", "2024-03-01"), ("null + 1", "null")]
    ) { site in
      switch (site.types[0], site.types[1]) {
      case (.decimal, _): return site.decimalSum("+") { $0.addingReportingOverflow($1) }
      case (.float64, _): return Kernel.floats(DSH_ADD)
      case (.date, _): return Kernel(canFail: true) { $0.shiftDates(dateIndex: 0, sign: 1) }
      case (_, .date): return Kernel(canFail: true) { $0.shiftDates(dateIndex: 1, sign: 1) }
      default:
        return Kernel(canFail: true) { call in
          call.checkedMap("+") { a, b in
            let sum = a &+ b
            return (sum, (a ^ sum) & (b ^ sum))
          }
        }
      }
    },
    Function(
      "-", .operator, ["a", "b"],
      [
        .from(.int64, .int64, to: .int64), .decimals(.sum), .from(.float64, .float64, to: .float64), .from(.date, .date, to: .int64),
        .from(.date, .int64, to: .date),
      ],
      "Subtracts numbers, days from a date, or two dates (which gives days).",
      examples: [("5 - 7", "-2"), ("date(\"2024-03-01\") - date(\"2024-02-28\")", "2"), ("date(\"2024-03-01\") - 1", "2024-02-29")]
    ) { site in
      switch (site.types[0], site.types[1]) {
      case (.decimal, _): return site.decimalSum("-") { $0.subtractingReportingOverflow($1) }
      case (.float64, _): return Kernel.floats(DSH_SUBTRACT)
      case (.date, .date): return Kernel { $0.map(Int32.self, Int32.self) { Int64($0) &- Int64($1) } }
      case (.date, _): return Kernel(canFail: true) { $0.shiftDates(dateIndex: 0, sign: -1) }
      default:
        return Kernel(canFail: true) { call in
          call.checkedMap("-") { a, b in
            let difference = a &- b
            return (difference, (a ^ b) & (a ^ difference))
          }
        }
      }
    },
    Function(
      "neg", .operator, ["x"], [.from(.int64, to: .int64), .ofDecimal, .from(.float64, to: .float64)],
      "Changes the sign: `-x`.", examples: [("-(3)", "-3"), ("-(-0.5)", "0.5")]
    ) { site in
      if site.isDecimal { return site.decimal { 0 - $0 } }
      if site.types[0] == .float64 { return Kernel { $0.map(Double.self) { -$0 } } }
      return Kernel(canFail: true) { call in call.checkedMap("-") { $0 == .min ? nil : 0 &- $0 } }
    },
  ]
}

extension Call {
  /// A date moved by whole days.
  fileprivate func shiftDates(dateIndex: Int, sign: Int64) -> Column {
    let dates = FixedArgument<Int32>(arguments[dateIndex])
    let days = FixedArgument<Int64>(arguments[1 - dateIndex])
    return fixed(Int32.self) { output in
      for row in 0..<rowCount {
        let (offset, overflow) = days[row].multipliedReportingOverflow(by: sign)
        let (sum, carry) = Int64(dates[row]).addingReportingOverflow(offset)
        output[row] = Int32(truncatingIfNeeded: sum)
        if overflow || carry || Int64(output[row]) != sum { fail(row, .dateOutOfRange) }
      }
    }
  }
}

extension Diagnostic {
  static let dateOutOfRange = Diagnostic(
    .dateOutOfRange, "the result is no date that can be held (about 5.8 million years from 1970)")
  static let timestampOutOfRange = Diagnostic(
    .timestampOutOfRange, "the result is no timestamp that can be held (about 292,000 years from 1970)")
}
