// Points of time as numbers since 1970 and back.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let epochs = [
    Function(
      "epoch", .time, ["t"], [.from(.date, to: .float64), .from(.timestamp, to: .float64)], "The seconds since 1970-01-01 00:00:00.",
      zones: .always(.moments),
      examples: [("epoch(timestamp(\"1970-01-02 00:00:00.5\"))", "86400.5"), ("epoch(date(\"1970-01-02\"))", "86400.0")]
    ) { site in
      site.types[0] == .date
        ? Kernel { call in call.map(Int32.self) { Double($0) * 86_400 } }
        : Kernel { call in call.map(Int64.self) { Double($0) / 1_000_000 } }
    },
    Function(
      "epoch_us", .time, ["t"], [.from(.timestamp, to: .int64)], "The microseconds since 1970-01-01 00:00:00.",
      zones: .always(.moments),
      examples: [("epoch_us(timestamp(\"1970-01-01 00:00:01\"))", "1000000"), ("epoch_us(timestamp(\"1969-12-31 23:59:59\"))", "-1000000")]
    ) { _ in Kernel { call in call.map(Int64.self) { (t: Int64) -> Int64 in t } } },
    Function(
      "from_epoch", .time, ["seconds"], [.from(.int64, to: .timestamp), .from(.float64, to: .timestamp)],
      "The timestamp so many seconds after 1970-01-01 00:00:00.",
      examples: [("from_epoch(1700000000)", "2023-11-14 22:13:20"), ("from_epoch(0.25)", "1970-01-01 00:00:00.250000")]
    ) { site in
      if site.types[0] == .int64 {
        return Kernel(canFail: true) { call in
          let seconds = FixedArgument<Int64>(call.arguments[0])
          return call.fixed(Int64.self) { output in
            for row in 0..<call.rowCount {
              let (microseconds, overflow) = seconds[row].multipliedReportingOverflow(by: 1_000_000)
              output[row] = microseconds
              if overflow { call.fail(row, .timestampOutOfRange) }
            }
          }
        }
      }
      return Kernel(canFail: true) { call in
        let seconds = FixedArgument<Double>(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            let microseconds = Int64(exactly: (seconds[row] * 1_000_000).rounded())
            output[row] = microseconds ?? 0
            if microseconds == nil { call.fail(row, .timestampOutOfRange) }
          }
        }
      }
    },
  ]
}
