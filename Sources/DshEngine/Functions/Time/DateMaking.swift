// Dates and timestamps made of numbers.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let dateMaking = [
    Function(
      "make_date", .time, ["year", "month", "day"], [.from(.int64, .int64, .int64, to: .date)],
      "The date of a year, a month and a day.",
      examples: [("make_date(2024, 2, 29)", "2024-02-29"), ("make_date(1969, 12, 31)", "1969-12-31")]
    ) { _ in
      Kernel(canFail: true) { call in
        let parts = call.arguments.map { FixedArgument<Int64>($0) }
        return call.fixed(Int32.self) { output in
          for row in 0..<call.rowCount {
            let day = checkedDays(parts[0][row], parts[1][row], parts[2][row]).flatMap { Int32(exactly: $0) }
            output[row] = day ?? 0
            if day == nil { call.fail(row, .noSuchDate("\(parts[0][row])-\(parts[1][row])-\(parts[2][row])")) }
          }
        }
      }
    },
    Function(
      "make_timestamp", .time, ["year", "month", "day", "hour", "minute", "second"],
      [.from(.int64, .int64, .int64, .int64, .int64, .float64, to: .timestamp)], "The timestamp of a date and a time of day.",
      examples: [
        ("make_timestamp(2024, 2, 29, 10, 20, 30.5)", "2024-02-29 10:20:30.500000"),
        ("make_timestamp(2024, 12, 31, 23, 59, 59)", "2024-12-31 23:59:59"),
      ]
    ) { _ in
      Kernel(canFail: true) { call in
        let parts = call.arguments.dropLast().map { FixedArgument<Int64>($0) }
        let seconds = FixedArgument<Double>(call.arguments[5])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            let timestamp = makeTimestamp(parts.map { $0[row] }, seconds[row])
            output[row] = timestamp ?? 0
            if timestamp == nil { call.fail(row, .noSuchDate("\(parts.map { String($0[row]) }.joined(separator: "-"))-\(seconds[row])")) }
          }
        }
      }
    },
  ]

  private static func checkedDays(_ year: Int64, _ month: Int64, _ day: Int64) -> Int? {
    Calendar.checkedDays(year: Int(year), month: Int(month), day: Int(day))
  }

  private static func makeTimestamp(_ parts: [Int64], _ second: Double) -> Int64? {
    guard let days = checkedDays(parts[0], parts[1], parts[2]), 0..<24 ~= parts[3], 0..<60 ~= parts[4], second >= 0, second < 60 else {
      return nil
    }
    let microseconds = min(Int64((second * 1_000_000).rounded()), 59_999_999)
    return Calendar.timestamp(days: days, microsecondOfDay: (parts[3] * 60 + parts[4]) * 60_000_000 + microseconds)
  }
}

extension Diagnostic {
  fileprivate static func noSuchDate(_ parts: String) -> Diagnostic { Diagnostic(.badDate, "no such date or time: \(parts)") }
}
