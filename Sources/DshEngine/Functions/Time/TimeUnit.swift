// The units that time functions take by name, and steps by them.

import DshColumns
import DshDiagnostics

/// A unit of time.
enum TimeUnit: String, CaseIterable, Sendable {
  case year, quarter, month, week, day, hour, minute, second, millisecond, microsecond

  /// The unit with a name; a plural is understood.
  init(_ name: String) throws(Diagnostic) {
    let lowered = name.lowercased()
    let singular = lowered.hasSuffix("s") ? String(lowered.dropLast()) : lowered
    guard let unit = TimeUnit(rawValue: singular) else {
      let nearest = nearestName(to: singular, in: Self.allCases.map(\.rawValue))
      throw Diagnostic(
        .badUnit, "no unit of time \"\(name)\"", suggestion: nearest.map(didYouMean),
        notes: ["units: \(Self.allCases.map(\.rawValue).joined(separator: ", "))"])
    }
    self = unit
  }

  /// The months in one unit; nil for units of fixed length.
  var months: Int? {
    switch self {
    case .year: 12
    case .quarter: 3
    case .month: 1
    default: nil
    }
  }

  /// The microseconds in one unit of fixed length; nil for months and longer.
  var microseconds: Int64? {
    switch self {
    case .year, .quarter, .month: nil
    case .week: 7 * Calendar.microsecondsPerDay
    case .day: Calendar.microsecondsPerDay
    case .hour: 3_600_000_000
    case .minute: 60_000_000
    case .second: 1_000_000
    case .millisecond: 1000
    case .microsecond: 1
    }
  }

  /// Whether it is shorter than a day.
  var isBelowDay: Bool { microseconds.map { $0 < Calendar.microsecondsPerDay } ?? false }

  /// The first day of the unit that a day lies in; weeks begin on Monday. Units below a day give the day.
  func firstDay(of days: Int) -> Int {
    switch self {
    case .week: return days - (Calendar.weekday(days: days) - 1)
    case .year, .quarter, .month:
      let (year, month, _) = Calendar.civil(days: days)
      let length = months ?? 1
      return Calendar.days(year: year, month: (month - 1) / length * length + 1, day: 1)
    default: return days
    }
  }

  /// The number of the unit that a day lies in, counted without gaps; for units of a day and more.
  func ordinal(ofDay days: Int) -> Int64 {
    switch self {
    case .year, .quarter, .month:
      let (year, month, _) = Calendar.civil(days: days)
      return Int64(year * 12 + month - 1).flooredDivision(by: Int64(months ?? 1))
    // 1969-12-29 was a Monday.
    case .week: return (Int64(days) + 3).flooredDivision(by: 7)
    default: return Int64(days)
    }
  }

  /// The number of the unit that a timestamp lies in, counted without gaps.
  func ordinal(ofTimestamp timestamp: Int64) -> Int64 {
    if isBelowDay, let length = microseconds { return timestamp.flooredDivision(by: length) }
    return ordinal(ofDay: Calendar.split(timestamp: timestamp).days)
  }

  /// The day that many units later, the day of the month cut to the length of the month; nil beyond 32 bits.
  func add(_ count: Int64, toDay days: Int) -> Int? {
    if let months {
      let (year, month, day) = Calendar.civil(days: days)
      let (offset, overflow) = count.multipliedReportingOverflow(by: Int64(months))
      let (total, carry) = offset.addingReportingOverflow(Int64(year * 12 + month - 1))
      let newYear = total.flooredDivision(by: 12)
      guard !overflow, !carry, abs(newYear) < 9_000_000 else { return nil }
      let newMonth = Int(total - newYear * 12) + 1
      let length = Calendar.monthLength(year: Int(newYear), month: newMonth)
      return Int32(exactly: Calendar.days(year: Int(newYear), month: newMonth, day: min(day, length))).map(Int.init)
    }
    let (offset, overflow) = count.multipliedReportingOverflow(by: self == .week ? 7 : 1)
    let (sum, carry) = offset.addingReportingOverflow(Int64(days))
    return overflow || carry ? nil : Int32(exactly: sum).map(Int.init)
  }

  /// The timestamp that many units later; nil beyond 64 bits.
  func add(_ count: Int64, toTimestamp timestamp: Int64) -> Int64? {
    if months != nil {
      let (days, microsecondOfDay) = Calendar.split(timestamp: timestamp)
      return add(count, toDay: days).flatMap { Calendar.timestamp(days: $0, microsecondOfDay: microsecondOfDay) }
    }
    let (offset, overflow) = count.multipliedReportingOverflow(by: microseconds ?? 1)
    let (sum, carry) = timestamp.addingReportingOverflow(offset)
    return overflow || carry ? nil : sum
  }
}

extension Int64 {
  /// The quotient rounded down; the divisor must be above zero.
  @inline(__always) func flooredDivision(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient &- 1 : quotient
  }
}

/// The unit argument of a call: read once if it is constant.
struct UnitArgument: Sendable {
  private let constant: TimeUnit?

  init(_ site: CallSite) throws(Diagnostic) { constant = try site.constantText(0).map { name throws(Diagnostic) in try TimeUnit(name) } }

  /// Calls `body` for every row that is not null with its unit; a row with no such unit is noted.
  @inline(__always) func forEachRow(_ call: Call, _ body: (Int, TimeUnit) -> Void) {
    if let constant {
      for row in 0..<call.rowCount where call.isValid(row) { body(row, constant) }
      return
    }
    let names = TextArgument(call.arguments[0])
    for row in 0..<call.rowCount where call.isValid(row) {
      do {
        body(row, try TimeUnit(String(decoding: names[row], as: UTF8.self)))
      } catch {
        call.fail(row, error)
      }
    }
  }

  /// Refuses units below a day for dates where the unit is known.
  func refuseBelowDay() throws(Diagnostic) {
    if let constant, constant.isBelowDay { throw .unitBelowDay(constant) }
  }
}

extension Diagnostic {
  static func unitBelowDay(_ unit: TimeUnit) -> Diagnostic {
    Diagnostic(.badUnit, "a date has no \(unit.rawValue)s", suggestion: "use timestamp(d)")
  }
}
