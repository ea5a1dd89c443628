// The functions of dates and timestamps for the reference evaluator, by Foundation's calendar.

import DshColumns
import Foundation

extension ReferenceFunctions {
  private static let calendar: Foundation.Calendar = {
    var calendar = Foundation.Calendar(identifier: .iso8601)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
    return calendar
  }()

  static func timeFunction(_ name: String, _ values: [Value]) throws(ReferenceError) -> Value? {
    guard let last = values.last else { return nil }
    if name == "date_diff" { return difference(values) }
    let microseconds: Int64
    switch last {
    case .date(let days): microseconds = Int64(days) * 86_400_000_000
    case .timestamp(let value): microseconds = value
    default: return nil
    }
    // Whole seconds, rounded down; the tests' times are far from the ends of the range.
    let seconds = (microseconds - ((microseconds % 1_000_000) + 1_000_000) % 1_000_000) / 1_000_000
    let date = Date(timeIntervalSince1970: Double(seconds))
    let parts = calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .second, .weekday, .weekOfYear, .yearForWeekOfYear], from: date)
    switch name {
    case "year": return .int64(Int64(parts.year ?? 0))
    case "month": return .int64(Int64(parts.month ?? 0))
    case "quarter": return .int64(Int64(((parts.month ?? 0) - 1) / 3 + 1))
    case "day": return .int64(Int64(parts.day ?? 0))
    case "hour": return .int64(Int64(parts.hour ?? 0))
    case "minute": return .int64(Int64(parts.minute ?? 0))
    case "second": return .int64(Int64(parts.second ?? 0))
    case "week": return .int64(Int64(parts.weekOfYear ?? 0))
    case "iso_year": return .int64(Int64(parts.yearForWeekOfYear ?? 0))
    case "weekday": return .int64(Int64(((parts.weekday ?? 0) + 5) % 7 + 1))
    case "day_of_year": return .int64(Int64(calendar.ordinality(of: .day, in: .year, for: date) ?? 0))
    case "date_trunc", "date_add":
      guard let unit = text(values[0]) else { return nil }
      let count: Int64
      if name == "date_add", case .int64(let given) = values[1] { count = given } else { count = 0 }
      let moved: Date
      if name == "date_trunc" {
        moved = calendar.dateInterval(of: component(unit), for: date)?.start ?? date
        let start = unit == "quarter" ? quarterStart(date) : moved
        return point(Int64(start.timeIntervalSince1970) * 1_000_000, like: last)
      }
      moved = added(Int(count), unit, to: date)
      return point(Int64(moved.timeIntervalSince1970) * 1_000_000 + (microseconds - seconds * 1_000_000), like: last)
    default: return nil
    }
  }

  /// Months are counted by hand, since the calendar's own step may run over into the next month.
  private static func added(_ count: Int, _ unit: String, to date: Date) -> Date {
    guard let months = ["year": 12, "quarter": 3, "month": 1][unit] else {
      return calendar.date(byAdding: component(unit), value: count, to: date) ?? date
    }
    var parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    let total = (parts.year ?? 0) * 12 + (parts.month ?? 1) - 1 + count * months
    let day = parts.day ?? 1
    (parts.year, parts.month, parts.day) = (total / 12, total % 12 + 1, 1)
    let length = calendar.date(from: parts).flatMap { calendar.range(of: .day, in: .month, for: $0)?.count } ?? 31
    parts.day = min(day, length)
    return calendar.date(from: parts) ?? date
  }

  private static func quarterStart(_ date: Date) -> Date {
    var parts = calendar.dateComponents([.year, .month], from: date)
    parts.month = ((parts.month ?? 1) - 1) / 3 * 3 + 1
    return calendar.date(from: parts) ?? date
  }

  private static func component(_ unit: String) -> Foundation.Calendar.Component {
    switch unit {
    case "year": .year
    case "quarter", "month": .month
    case "week": .weekOfYear
    case "day": .day
    case "hour": .hour
    case "minute": .minute
    default: .second
    }
  }

  private static func point(_ microseconds: Int64, like value: Value) -> Value {
    if case .date = value { return .date(Int32(microseconds / 86_400_000_000 - (microseconds % 86_400_000_000 < 0 ? 1 : 0))) }
    return .timestamp(microseconds)
  }

  /// Counts beginnings of units one by one from what `date_trunc` gives.
  private static func difference(_ values: [Value]) -> Value? {
    func number(_ value: Value) -> Int64? {
      guard case .string(let unit) = values[0], let start = try? timeFunction("date_trunc", [values[0], value]),
        case .int64(let year)? = try? timeFunction("year", [start]), case .int64(let month)? = try? timeFunction("month", [start])
      else { return nil }
      switch unit {
      case "year": return year
      case "quarter": return year * 4 + (month - 1) / 3
      case "month": return year * 12 + month
      default: break
      }
      let microseconds: Int64
      switch start {
      case .date(let days): microseconds = Int64(days) * 86_400_000_000
      case .timestamp(let value): microseconds = value
      default: return nil
      }
      let length: Int64 = ["week": 604_800, "day": 86_400, "hour": 3600, "minute": 60][unit] ?? 1
      // Weeks begin on Monday, 1970-01-01 was a Thursday: starts of weeks are 4 days past a multiple of 7.
      return (microseconds / 1_000_000 - (unit == "week" ? 4 * 86_400 : 0)) / length
    }
    guard let from = number(values[1]), let to = number(values[2]) else { return nil }
    return .int64(to - from)
  }
}
