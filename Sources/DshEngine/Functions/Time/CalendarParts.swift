// Years, months, days, hours and so on of dates and timestamps.

import CDshKernels
import DshColumns
import DshPlan

extension FunctionRegistry {
  static let calendarParts = [
    dayPart(
      "year", "The year.", [("year(date(\"2024-02-29\"))", "2024"), ("year(timestamp(\"1969-12-31T23:59:59\"))", "1969")],
      columns: DSH_YEAR
    ) {
      Calendar.civil(days: $0).year
    },
    dayPart(
      "quarter", "The quarter of the year, 1 to 4.", [("quarter(date(\"2024-05-01\"))", "2"), ("quarter(date(\"2024-12-31\"))", "4")],
      columns: DSH_QUARTER
    ) {
      (Calendar.civil(days: $0).month + 2) / 3
    },
    dayPart(
      "month", "The month, 1 to 12.", [("month(date(\"2024-02-29\"))", "2"), ("month(timestamp(\"2024-12-31T23:59:59\"))", "12")],
      columns: DSH_MONTH
    ) {
      Calendar.civil(days: $0).month
    },
    dayPart("week", "The ISO 8601 week of the year, 1 to 53.", [("week(date(\"2021-01-03\"))", "53"), ("week(date(\"2024-12-30\"))", "1")])
    { isoWeek(days: $0).week },
    dayPart(
      "iso_year", "The year that the ISO 8601 week belongs to.",
      [("iso_year(date(\"2021-01-03\"))", "2020"), ("iso_year(date(\"2024-12-30\"))", "2025")]
    ) {
      isoWeek(days: $0).year
    },
    dayPart(
      "day", "The day of the month, 1 to 31.", [("day(date(\"2024-02-29\"))", "29"), ("day(timestamp(\"2024-12-31T23:59:59\"))", "31")],
      columns: DSH_DAY
    ) { Calendar.civil(days: $0).day },
    dayPart(
      "weekday", "The day of the week, 1 for Monday to 7 for Sunday as in ISO 8601.",
      [("weekday(date(\"2024-02-29\"))", "4"), ("weekday(date(\"2024-12-29\"))", "7")]
    ) {
      Calendar.weekday(days: $0)
    },
    dayPart(
      "day_of_year", "The day of the year, 1 to 366.",
      [("day_of_year(date(\"2024-12-31\"))", "366"), ("day_of_year(date(\"2024-03-01\"))", "61")]
    ) {
      Calendar.dayOfYear(days: $0)
    },
    timePart(
      "hour", "The hour, 0 to 23.", [("hour(timestamp(\"2024-01-31 10:20:30\"))", "10"), ("hour(timestamp(\"2024-01-31T00:10:00\"))", "0")]
    ) { $0 / 3_600_000_000 },
    timePart(
      "minute", "The minute, 0 to 59.",
      [("minute(timestamp(\"2024-01-31 10:20:30\"))", "20"), ("minute(timestamp(\"2024-01-31T00:10:59\"))", "10")]
    ) { $0 / 60_000_000 % 60 },
    timePart(
      "second", "The second, 0 to 59.",
      [("second(timestamp(\"2024-01-31 10:20:30\"))", "30"), ("second(timestamp(\"2024-01-31T00:10:59\"))", "59")]
    ) { $0 / 1_000_000 % 60 },
    timePart(
      "microsecond", "The microseconds of the second, 0 to 999,999.",
      [("microsecond(timestamp(\"2024-01-31 10:20:30.25\"))", "250000"), ("microsecond(timestamp(\"2024-01-31T12:00:00\"))", "0")]
    ) {
      $0 % 1_000_000
    },
    timePart(
      "millisecond", "The milliseconds of the second, 0 to 999.",
      [("millisecond(timestamp(\"2024-01-31 10:20:30.25\"))", "250"), ("millisecond(timestamp(\"2024-01-31T12:00:00\"))", "0")]
    ) { $0 / 1000 % 1000 },
    Function(
      "month_name", .time, ["t"], [.from(.date, to: .string), .from(.timestamp, to: .string)], "The English name of the month.",
      examples: [("month_name(date(\"2024-02-29\"))", "February"), ("month_name(date(\"2024-12-25\"))", "December")]
    ) { _ in Kernel { $0.dayNames { CalendarNames.months[Calendar.civil(days: $0).month - 1] } } },
    Function(
      "day_name", .time, ["t"], [.from(.date, to: .string), .from(.timestamp, to: .string)], "The English name of the day of the week.",
      examples: [("day_name(date(\"2024-02-29\"))", "Thursday"), ("day_name(date(\"2024-12-25\"))", "Wednesday")]
    ) { _ in Kernel { $0.dayNames { CalendarNames.weekdays[Calendar.weekday(days: $0) - 1] } } },
  ]

  /// The ISO 8601 week: that of the week's Thursday.
  static func isoWeek(days: Int) -> (year: Int, week: Int) {
    let thursday = days + 4 - Calendar.weekday(days: days)
    return (Calendar.civil(days: thursday).year, (Calendar.dayOfYear(days: thursday) + 6) / 7)
  }

  /// - Parameter vector: the part in the kernel for whole columns of dates, if it has one.
  @inline(__always) private static func dayPart(
    _ name: String, _ summary: String, _ examples: [(String, String)], columns vector: dsh_date_part? = nil,
    _ part: @escaping @Sendable (Int) -> Int
  ) -> Function {
    Function(name, .time, ["t"], [.from(.date, to: .int64), .from(.timestamp, to: .int64)], summary, examples: examples) { site in
      if site.types[0] == .date {
        return Kernel { call in
          guard let vector, let days = call.arguments[0].column.fixed(Int32.self), !call.arguments[0].isConstant else {
            return call.map(Int32.self) { Int64(part(Int($0))) }
          }
          return call.fixed(Int64.self) { output in
            // What lies beyond the kernel is computed one by one.
            if dsh_date_parts(vector, days, call.rowCount, output) == 0 {
              for row in 0..<call.rowCount { output[row] = Int64(part(Int(days[row]))) }
            }
          }
        }
      }
      return Kernel { call in call.map(Int64.self) { Int64(part(Calendar.split(timestamp: $0).days)) } }
    }
  }

  @inline(__always) private static func timePart(
    _ name: String, _ summary: String, _ examples: [(String, String)], _ part: @escaping @Sendable (Int64) -> Int64
  ) -> Function {
    Function(name, .time, ["t"], [.from(.timestamp, to: .int64)], summary, examples: examples) { _ in
      Kernel { call in call.map(Int64.self) { part(Calendar.split(timestamp: $0).microsecondOfDay) } }
    }
  }
}

/// The English names that formatting and parsing use.
enum CalendarNames {
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]
  static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}

/// The days of a date or timestamp operand.
struct DayArgument {
  private let dates: FixedArgument<Int32>?
  private let timestamps: FixedArgument<Int64>?

  init(_ operand: Operand) {
    dates = operand.type == .date ? FixedArgument(operand) : nil
    timestamps = operand.type == .date ? nil : FixedArgument(operand)
  }

  /// Whole days, and the microseconds into the day.
  @inline(__always) subscript(row: Int) -> (days: Int, microsecondOfDay: Int64) {
    if let dates { return (Int(dates[row]), 0) }
    return timestamps.map { Calendar.split(timestamp: $0[row]) } ?? (0, 0)
  }
}

extension Call {
  fileprivate func dayNames(_ name: (Int) -> String) -> Column {
    let days = DayArgument(arguments[0])
    return texts { row, output in output.append(name(days[row].days)) }
  }
}
