// Time cut into spans of any length, and the end of a unit.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let timeBuckets = [
    Function(
      "time_bucket", .time, ["width", "t"], [.from(.string, .date, to: .date), .from(.string, .timestamp, to: .timestamp)],
      "The beginning of the span that a time lies in, if time is cut into spans of a width such as \"15 minutes\"; those of months begin with 2000-01-01, others with Monday, 2000-01-03.",
      examples: [
        ("time_bucket(\"15 minutes\", timestamp(\"2024-01-31 10:20:30\"))", "2024-01-31 10:15:00"),
        ("time_bucket(\"2 weeks\", date(\"2024-01-31\"))", "2024-01-29"), ("time_bucket(\"3 months\", date(\"2024-05-31\"))", "2024-04-01"),
      ]
    ) { site throws(Diagnostic) in
      let isDate = site.result == .date
      let constant = try site.constantText(0).map { text throws(Diagnostic) in try TimeWidth(text, ofDates: isDate) }
      return Kernel(canFail: true) { call in
        let texts = TextArgument(call.arguments[0])
        func width(_ row: Int) -> TimeWidth? {
          if let constant { return constant }
          do { return try TimeWidth(String(decoding: texts[row], as: UTF8.self), ofDates: isDate) } catch {
            call.fail(row, error)
            return nil
          }
        }
        if isDate {
          let dates = FixedArgument<Int32>(call.arguments[1])
          return call.mapOptional(Int32.self) { row in
            guard let width = width(row) else { return nil }
            guard let start = width.start(ofDay: Int(dates[row])).flatMap({ Int32(exactly: $0) }) else {
              call.fail(row, .dateOutOfRange)
              return nil
            }
            return start
          }
        }
        let timestamps = FixedArgument<Int64>(call.arguments[1])
        return call.mapOptional(Int64.self) { row in
          guard let width = width(row) else { return nil }
          guard let start = width.start(ofTimestamp: timestamps[row]) else {
            call.fail(row, .timestampOutOfRange)
            return nil
          }
          return start
        }
      }
    },
    Function(
      "date_ceil", .time, ["unit", "t"], [.from(.string, .date, to: .date), .from(.string, .timestamp, to: .timestamp)],
      "The next beginning of a unit, or the time itself if it is one; `date_trunc` gives the one before.",
      zones: .byUnit(belowDay: .clocksInStep),
      examples: [
        ("date_ceil(\"month\", date(\"2024-02-10\"))", "2024-03-01"),
        ("date_ceil(\"hour\", timestamp(\"2024-01-31 10:00\"))", "2024-01-31 10:00:00"),
      ]
    ) { site throws(Diagnostic) in
      let units = try UnitArgument(site)
      if site.result == .date {
        return Kernel(canFail: true) { call in
          let dates = FixedArgument<Int32>(call.arguments[1])
          return call.fixed(Int32.self) { output in
            output.update(repeating: 0, count: call.rowCount)
            units.forEachRow(call) { row, unit in
              let day = Int(dates[row])
              let first = unit.firstDay(of: day)
              let next = first == day ? first : unit.add(1, toDay: first)
              guard let result = next.flatMap({ Int32(exactly: $0) }) else { return call.fail(row, .dateOutOfRange) }
              output[row] = result
            }
          }
        }
      }
      return Kernel(canFail: true) { call in
        let timestamps = FixedArgument<Int64>(call.arguments[1])
        return call.fixed(Int64.self) { output in
          output.update(repeating: 0, count: call.rowCount)
          units.forEachRow(call) { row, unit in
            let start = truncate(timestamps[row], to: unit)
            guard let result = start == timestamps[row] ? start : start.flatMap({ unit.add(1, toTimestamp: $0) }) else {
              return call.fail(row, .timestampOutOfRange)
            }
            output[row] = result
          }
        }
      }
    },
  ]
}

/// A span of time such as `15 minutes`.
private struct TimeWidth: Sendable {
  let count: Int64
  let unit: TimeUnit

  /// 2000-01-03, a Monday.
  private static let originDay = 10_959
  /// Wider spans than these, in microseconds or months, are a mistake, and less would reach beyond 64 bits.
  private static let countLimit: Int64 = 1_000_000_000

  init(_ text: String, ofDates: Bool) throws(Diagnostic) {
    let words = text.split(separator: " ")
    guard words.count == 1 || words.count == 2, let last = words.last else { throw Self.mistake(text) }
    unit = try TimeUnit(String(last))
    if words.count == 1 {
      count = 1
    } else {
      guard let number = Int64(words[0]), number > 0, number <= Self.countLimit else { throw Self.mistake(text) }
      count = number
    }
    if ofDates, unit.isBelowDay { throw .unitBelowDay(unit) }
  }

  private static func mistake(_ text: String) -> Diagnostic {
    Diagnostic(.badUnit, "not a width of time: \"\(text)\"", suggestion: "a count up to \(countLimit) and a unit, such as \"15 minutes\"")
  }

  func start(ofDay day: Int) -> Int? {
    if let months = unit.months {
      let (year, month, _) = Calendar.civil(days: day)
      let total = Int64(year - 2000) * 12 + Int64(month - 1)
      let (width, overflow) = count.multipliedReportingOverflow(by: Int64(months))
      if overflow { return nil }
      let first = total.flooredDivision(by: width) * width
      let years = first.flooredDivision(by: 12)
      guard abs(years) < 9_000_000 else { return nil }
      return Calendar.days(year: Int(years) + 2000, month: Int(first - years * 12) + 1, day: 1)
    }
    let width = count * (unit == .week ? 7 : 1)
    return Int(Int64(day - Self.originDay).flooredDivision(by: width) * width) + Self.originDay
  }

  func start(ofTimestamp timestamp: Int64) -> Int64? {
    guard let length = unit.microseconds else {
      return start(ofDay: Calendar.split(timestamp: timestamp).days).flatMap { Calendar.timestamp(days: $0, microsecondOfDay: 0) }
    }
    let (width, tooWide) = count.multipliedReportingOverflow(by: length)
    let origin = Int64(Self.originDay) * Calendar.microsecondsPerDay
    let (distance, tooFar) = timestamp.subtractingReportingOverflow(origin)
    if tooWide || tooFar { return nil }
    let (start, overflow) = distance.flooredDivision(by: width).multipliedReportingOverflow(by: width)
    let (sum, carry) = start.addingReportingOverflow(origin)
    return overflow || carry ? nil : sum
  }
}
