// Milliseconds, microseconds and days since 1970, and back.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let epochUnits = [
    Function(
      "epoch_ms", .time, ["t"], [.from(.timestamp, to: .int64)], "The whole milliseconds since 1970-01-01 00:00:00.",
      zones: .always(.moments),
      examples: [("epoch_ms(timestamp(\"1970-01-01 00:00:01.5\"))", "1500"), ("epoch_ms(timestamp(\"1969-12-31 23:59:59\"))", "-1000")]
    ) { _ in Kernel { $0.map(Int64.self) { (t: Int64) -> Int64 in t.flooredDivision(by: 1000) } } },
    Function(
      "epoch_days", .time, ["t"], [.from(.date, to: .int64), .from(.timestamp, to: .int64)], "The days since 1970-01-01.",
      examples: [("epoch_days(date(\"1970-01-03\"))", "2"), ("epoch_days(timestamp(\"1969-12-31 23:59:59\"))", "-1")]
    ) { site in
      site.types[0] == .date
        ? Kernel { call in call.map(Int32.self) { Int64($0) } }
        : Kernel { call in call.map(Int64.self) { Int64(Calendar.split(timestamp: $0).days) } }
    },
    timestamps(
      "from_epoch_ms", "milliseconds", 1000,
      [("from_epoch_ms(1500)", "1970-01-01 00:00:01.500000"), ("from_epoch_ms(-1000)", "1969-12-31 23:59:59")]),
    timestamps(
      "from_epoch_us", "microseconds", 1,
      [("from_epoch_us(1500000)", "1970-01-01 00:00:01.500000"), ("from_epoch_us(0)", "1970-01-01 00:00:00")]),
    Function(
      "from_epoch_days", .time, ["days"], [.from(.int64, to: .date)], "The date so many days after 1970-01-01.",
      examples: [("from_epoch_days(19782)", "2024-02-29"), ("from_epoch_days(-1)", "1969-12-31")]
    ) { _ in
      Kernel(canFail: true) { call in
        let days = FixedArgument<Int64>(call.arguments[0])
        return call.fixed(Int32.self) { output in
          for row in 0..<call.rowCount {
            output[row] = Int32(truncatingIfNeeded: days[row])
            if Int64(output[row]) != days[row] { call.fail(row, .dateOutOfRange) }
          }
        }
      }
    },
  ]

  private static func timestamps(_ name: String, _ units: String, _ microseconds: Int64, _ examples: [(String, String)]) -> Function {
    Function(
      name, .time, [units], [.from(.int64, to: .timestamp)], "The timestamp so many \(units) after 1970-01-01 00:00:00.", examples: examples
    ) { _ in
      Kernel(canFail: true) { call in
        let counts = FixedArgument<Int64>(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            let (time, overflow) = counts[row].multipliedReportingOverflow(by: microseconds)
            output[row] = time
            if overflow { call.fail(row, .timestampOutOfRange) }
          }
        }
      }
    }
  }
}
