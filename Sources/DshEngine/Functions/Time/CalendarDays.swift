// Days around a day, and the lengths of months and years.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  private static let ofDays: [Overload] = [.from(.date, to: .int64), .from(.timestamp, to: .int64)]
  private static let daysToDate: [Overload] = [.from(.date, to: .date), .from(.timestamp, to: .date)]

  static let calendarDays = [
    Function(
      "last_day", .time, ["t"], daysToDate, "The last day of the month.",
      examples: [("last_day(date(\"2024-02-10\"))", "2024-02-29"), ("last_day(timestamp(\"2023-12-01 10:00\"))", "2023-12-31")]
    ) { _ in
      Kernel(canFail: true) { call in
        call.mapDays { days in
          let (year, month, day) = Calendar.civil(days: days)
          return days + Calendar.monthLength(year: year, month: month) - day
        }
      }
    },
    weekdayFunction(
      "next_day", "The first day after a day that is a day of the week, such as \"monday\" or \"mon\".", step: 1,
      [("next_day(date(\"2024-02-29\"), \"monday\")", "2024-03-04"), ("next_day(date(\"2024-02-29\"), \"Thu\")", "2024-03-07")]),
    weekdayFunction(
      "previous_day", "The last day before a day that is a day of the week, such as \"monday\" or \"mon\".", step: -1,
      [("previous_day(date(\"2024-02-29\"), \"monday\")", "2024-02-26"), ("previous_day(date(\"2024-02-29\"), \"thu\")", "2024-02-22")]),
    Function(
      "days_in_month", .time, ["t"], ofDays, "How many days the month has.",
      examples: [("days_in_month(date(\"2024-02-10\"))", "29"), ("days_in_month(date(\"2023-02-10\"))", "28")]
    ) { _ in
      Kernel { call in
        let days = DayArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount {
            let (year, month, _) = Calendar.civil(days: days[row].days)
            output[row] = Int64(Calendar.monthLength(year: year, month: month))
          }
        }
      }
    },
    Function(
      "days_in_year", .time, ["t"], ofDays, "How many days the year has.",
      examples: [("days_in_year(date(\"2024-02-10\"))", "366"), ("days_in_year(date(\"1900-01-01\"))", "365")]
    ) { _ in
      Kernel { call in
        let days = DayArgument(call.arguments[0])
        return call.fixed(Int64.self) { output in
          for row in 0..<call.rowCount { output[row] = Calendar.isLeapYear(Calendar.civil(days: days[row].days).year) ? 366 : 365 }
        }
      }
    },
    Function(
      "is_leap_year", .time, ["t"], [.from(.date, to: .bool), .from(.timestamp, to: .bool), .from(.int64, to: .bool)],
      "Whether the year of a day, or a year, has 366 days.",
      examples: [("is_leap_year(date(\"2024-02-10\"))", "true"), ("is_leap_year(1900)", "false")]
    ) { site in
      if site.types[0] == .int64 {
        return Kernel { call in
          let years = FixedArgument<Int64>(call.arguments[0])
          return call.predicate { Calendar.isLeapYear(Int(years[$0])) }
        }
      }
      return Kernel { call in
        let days = DayArgument(call.arguments[0])
        return call.predicate { Calendar.isLeapYear(Calendar.civil(days: days[$0].days).year) }
      }
    },
    Function(
      "is_weekend", .time, ["t"], [.from(.date, to: .bool), .from(.timestamp, to: .bool)], "Whether a day is a Saturday or a Sunday.",
      examples: [("is_weekend(date(\"2024-03-02\"))", "true"), ("is_weekend(date(\"2024-02-29\"))", "false")]
    ) { _ in
      Kernel { call in
        let days = DayArgument(call.arguments[0])
        return call.predicate { Calendar.weekday(days: days[$0].days) > 5 }
      }
    },
  ]

  private static func weekdayFunction(_ name: String, _ summary: String, step: Int, _ examples: [(String, String)]) -> Function {
    Function(
      name, .time, ["t", "weekday"], [.from(.date, .string, to: .date), .from(.timestamp, .string, to: .date)], summary, examples: examples
    ) { site throws(Diagnostic) in
      let constant = try site.constantText(1).map { name throws(Diagnostic) in try weekday(name) }
      return Kernel(canFail: true) { call in
        let names = TextArgument(call.arguments[1])
        let days = DayArgument(call.arguments[0])
        return call.fixed(Int32.self) { output in
          output.update(repeating: 0, count: call.rowCount)
          for row in 0..<call.rowCount where call.isValid(row) {
            do {
              let wanted = try constant ?? weekday(String(decoding: names[row], as: UTF8.self))
              let day = days[row].days
              let distance = ((wanted - Calendar.weekday(days: day)) * step + 6) % 7 + 1
              guard let result = Int32(exactly: day + (distance < 1 ? distance + 7 : distance) * step) else {
                call.fail(row, .dateOutOfRange)
                continue
              }
              output[row] = result
            } catch let error as Diagnostic {
              call.fail(row, error)
            } catch {}
          }
        }
      }
    }
  }

  /// 1 for Monday to 7, by the English name or its first letters, three at least.
  private static func weekday(_ name: String) throws(Diagnostic) -> Int {
    let lowered = name.lowercased()
    if lowered.utf8.count >= 3, let index = CalendarNames.weekdays.firstIndex(where: { $0.lowercased().hasPrefix(lowered) }) {
      return index + 1
    }
    throw Diagnostic(
      .badUnit, "no day of the week \"\(name)\"", suggestion: nearestName(to: name, in: CalendarNames.weekdays).map(didYouMean),
      notes: ["days: \(CalendarNames.weekdays.joined(separator: ", "))"])
  }
}

extension Call {
  /// A date from the day of a date or timestamp.
  fileprivate func mapDays(_ step: (Int) -> Int) -> Column {
    let days = DayArgument(arguments[0])
    return fixed(Int32.self) { output in
      for row in 0..<rowCount {
        let result = Int32(exactly: step(days[row].days))
        output[row] = result ?? 0
        if result == nil { fail(row, .dateOutOfRange) }
      }
    }
  }
}
