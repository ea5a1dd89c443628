// Steps in time and distances between two points of it.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let dateArithmetic = [
    Function(
      "date_add", .time, ["unit", "count", "t"],
      [.from(.string, .int64, .date, to: .date), .from(.string, .int64, .timestamp, to: .timestamp)],
      "The date or timestamp so many units later; the day is cut to the length of the month.",
      zones: .byUnit(belowDay: .clocksInStep),
      examples: [
        ("date_add(\"month\", 1, date(\"2024-01-31\"))", "2024-02-29"),
        ("date_add(\"hours\", -2, timestamp(\"2024-03-01 01:00\"))", "2024-02-29 23:00:00"),
      ]
    ) { site throws(Diagnostic) in
      let units = try UnitArgument(site)
      if site.result == .date {
        try units.refuseBelowDay()
        return Kernel(canFail: true) { call in
          let counts = FixedArgument<Int64>(call.arguments[1])
          let dates = FixedArgument<Int32>(call.arguments[2])
          return call.fixed(Int32.self) { output in
            output.update(repeating: 0, count: call.rowCount)
            units.forEachRow(call) { row, unit in
              if unit.isBelowDay { return call.fail(row, .unitBelowDay(unit)) }
              guard let day = unit.add(counts[row], toDay: Int(dates[row])) else { return call.fail(row, .dateOutOfRange) }
              output[row] = Int32(truncatingIfNeeded: day)
            }
          }
        }
      }
      return Kernel(canFail: true) { call in
        let counts = FixedArgument<Int64>(call.arguments[1])
        let timestamps = FixedArgument<Int64>(call.arguments[2])
        return call.fixed(Int64.self) { output in
          output.update(repeating: 0, count: call.rowCount)
          units.forEachRow(call) { row, unit in
            guard let result = unit.add(counts[row], toTimestamp: timestamps[row]) else { return call.fail(row, .timestampOutOfRange) }
            output[row] = result
          }
        }
      }
    },
    Function(
      "date_diff", .time, ["unit", "from", "to"],
      [.from(.string, .date, .date, to: .int64), .from(.string, .timestamp, .timestamp, to: .int64)],
      "How many beginnings of the unit lie between two points of time.",
      zones: .byUnit(belowDay: .moments),
      examples: [
        ("date_diff(\"day\", date(\"2024-02-28\"), date(\"2024-03-01\"))", "2"),
        ("date_diff(\"year\", date(\"2023-12-31\"), date(\"2024-01-01\"))", "1"),
        ("date_diff(\"minute\", timestamp(\"2024-01-01 10:00\"), timestamp(\"2024-01-01 09:30\"))", "-30"),
      ]
    ) { site throws(Diagnostic) in
      let units = try UnitArgument(site)
      if site.types[1] == .date {
        try units.refuseBelowDay()
        return Kernel(canFail: true) { call in
          let from = FixedArgument<Int32>(call.arguments[1])
          let to = FixedArgument<Int32>(call.arguments[2])
          return call.fixed(Int64.self) { output in
            output.update(repeating: 0, count: call.rowCount)
            units.forEachRow(call) { row, unit in
              if unit.isBelowDay { return call.fail(row, .unitBelowDay(unit)) }
              output[row] = unit.ordinal(ofDay: Int(to[row])) &- unit.ordinal(ofDay: Int(from[row]))
            }
          }
        }
      }
      return Kernel(canFail: true) { call in
        let from = FixedArgument<Int64>(call.arguments[1])
        let to = FixedArgument<Int64>(call.arguments[2])
        return call.fixed(Int64.self) { output in
          output.update(repeating: 0, count: call.rowCount)
          units.forEachRow(call) { row, unit in
            let (difference, overflow) = unit.ordinal(ofTimestamp: to[row]).subtractingReportingOverflow(
              unit.ordinal(ofTimestamp: from[row]))
            output[row] = difference
            if overflow { call.fail(row, .integerOverflow("date_diff in \(unit.rawValue)s")) }
          }
        }
      }
    },
  ]
}
