// Dates and timestamps cut to the beginning of a unit.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let truncation = [
    Function(
      "date_trunc", .time, ["unit", "t"], [.from(.string, .date, to: .date), .from(.string, .timestamp, to: .timestamp)],
      "The beginning of the year, quarter, month, week (Monday), day, hour, minute or second that a date or timestamp lies in.",
      zones: .byUnit(belowDay: .clocksInStep),
      examples: [
        ("date_trunc(\"month\", date(\"2024-02-29\"))", "2024-02-01"),
        ("date_trunc(\"hour\", timestamp(\"2024-01-31 10:20:30\"))", "2024-01-31 10:00:00"),
        ("date_trunc(\"week\", date(\"2024-02-29\"))", "2024-02-26"),
      ]
    ) { site throws(Diagnostic) in
      let units = try UnitArgument(site)
      if site.result == .date {
        return Kernel(canFail: true) { call in
          let dates = FixedArgument<Int32>(call.arguments[1])
          return call.fixed(Int32.self) { output in
            output.update(repeating: 0, count: call.rowCount)
            units.forEachRow(call) { row, unit in
              guard let day = Int32(exactly: unit.firstDay(of: Int(dates[row]))) else { return call.fail(row, .dateOutOfRange) }
              output[row] = day
            }
          }
        }
      }
      return Kernel(canFail: true) { call in
        let timestamps = FixedArgument<Int64>(call.arguments[1])
        return call.fixed(Int64.self) { output in
          output.update(repeating: 0, count: call.rowCount)
          units.forEachRow(call) { row, unit in
            guard let start = truncate(timestamps[row], to: unit) else { return call.fail(row, .timestampOutOfRange) }
            output[row] = start
          }
        }
      }
    }
  ]

  static func truncate(_ timestamp: Int64, to unit: TimeUnit) -> Int64? {
    if unit.isBelowDay, let length = unit.microseconds {
      let (start, overflow) = timestamp.flooredDivision(by: length).multipliedReportingOverflow(by: length)
      return overflow ? nil : start
    }
    return Calendar.timestamp(days: unit.firstDay(of: Calendar.split(timestamp: timestamp).days), microsecondOfDay: 0)
  }
}
