// Reads dates and times from text in a format, after making sure that the format settles them.

import DshColumns
import DshDiagnostics

/// A format that texts are read in.
///
/// Every part that a text gives has to agree with the day and the time that come out: a weekday of another day is a mistake.
struct TimeReader: Sendable {
  private let items: [TimeItem]
  private let day: SettledDay
  /// The parts that day and time were not made of.
  private let checkedItems: [TimeItem]

  /// - Throws: a `Diagnostic` if the format is none, or leaves open which day it is, or which half of it.
  init(_ format: String) throws(Diagnostic) {
    items = try TimeFormat(format).items
    day = try SettledDay(Set(items))
    checkedItems = items.filter { [day] item in day.needsCheck(item) }
    try Self.checkHours(Set(items))
  }

  private static func checkHours(_ items: Set<TimeItem>) throws(Diagnostic) {
    if items.contains(.hour) { return }
    if items.contains(.hour12), !items.contains(.halfDay) {
      throw .unsettled("%I leaves open which half of the day it is", "add %p, or use %H for hours up to 23")
    }
    if items.contains(.halfDay), !items.contains(.hour12) { throw .unsettled("%p alone is no time of day", "it goes with %I") }
  }

  /// Days and microseconds in UTC of a text in this format, or nil if it is not in it. Names are understood in any letter case, in full
  /// or by three letters.
  func read(_ text: TextSlice) -> (days: Int, microsecondOfDay: Int64)? {
    var cursor = TimeCursor(text: text)
    var parts = TimeParts()
    for index in items.indices {
      // Digits that follow at once can only be told apart by their number.
      let isNumberNext = index + 1 < items.count && items[index + 1].isNumber
      guard cursor.read(items[index], beforeNumber: isNumberNext, into: &parts) else { return nil }
    }
    guard cursor.isAtEnd, let microsecondOfDay = parts.microsecondOfDay, let days = day.days(of: parts) else { return nil }
    for item in checkedItems where !parts.agree(on: item, days: days) { return nil }
    return day == .epoch ? parts.epoch : shifted(days, microsecondOfDay, by: parts.offsetSeconds ?? 0)
  }

  /// The same time in UTC.
  private func shifted(_ days: Int, _ microsecondOfDay: Int64, by offsetSeconds: Int) -> (days: Int, microsecondOfDay: Int64) {
    let microseconds = microsecondOfDay - Int64(offsetSeconds) * Calendar.microsecondsPerSecond
    if microseconds < 0 { return (days - 1, microseconds + Calendar.microsecondsPerDay) }
    if microseconds >= Calendar.microsecondsPerDay { return (days + 1, microseconds - Calendar.microsecondsPerDay) }
    return (days, microseconds)
  }
}

/// The parts that settle which day it is.
private enum SettledDay: Sendable, Equatable {
  case epoch
  case monthAndDay, dayOfYear
  case weekOfYear(WeekOfYear)
  case isoWeek
  /// The first day of the month, or of the year, where nothing finer is given.
  case month, year

  init(_ items: Set<TimeItem>) throws(Diagnostic) {
    func has(_ some: TimeItem...) -> Bool { !items.isDisjoint(with: some) }
    let hasYear = has(.year, .shortYear)
    let hasMonth = has(.month, .monthName, .shortMonthName)
    let hasDay = has(.day, .spacedDay)
    let hasWeekday = has(.weekdayNumber, .weekdayNumberFromSunday, .weekdayName, .shortWeekdayName)
    if has(.epochSecond) {
      guard items.allSatisfy({ if case .text = $0 { true } else { [.epochSecond, .fraction, .zone].contains($0) } }) else {
        throw .unsettled("%s is all of a time", "only %f and %z may stand beside it")
      }
      self = .epoch
    } else if hasYear, hasMonth, hasDay {
      self = .monthAndDay
    } else if hasYear, has(.dayOfYear) {
      self = .dayOfYear
    } else if has(.isoYear), has(.isoWeek), hasWeekday {
      self = .isoWeek
    } else if hasYear, has(.sundayWeek, .mondayWeek), hasWeekday {
      self = .weekOfYear(has(.sundayWeek) ? .fromSunday : .fromMonday)
    } else if has(.isoYear), has(.isoWeek) {
      throw .unsettled("an ISO week has seven days", "add %u, the day of the week")
    } else if has(.isoWeek) {
      throw .unsettled("%V counts the weeks of ISO years", "use %G for the year, and %u for the day of the week")
    } else if has(.sundayWeek, .mondayWeek) {
      throw .unsettled(
        "a week settles no day", hasYear ? "add the day of the week: %u, %w or %a" : "add the year, and the day of the week: %Y and %u")
    } else if has(.isoYear) {
      throw .unsettled("%G is the year of an ISO week", "use %Y, or add %V and %u")
    } else if !hasYear {
      let hint = items.contains(.text(0x79)) && !has(.month, .day) ? "a format is written as %Y-%m-%d" : "add %Y"
      throw .unsettled("the year is missing", hint)
    } else if hasDay {
      throw .unsettled("the month is missing", "add %m")
    } else if hasWeekday {
      throw .unsettled("a day of the week settles no day", hasMonth ? "add %d" : "add %m and %d")
    } else {
      self = hasMonth ? .month : .year
    }
  }

  /// Whether a part has a say beside those that settle the day.
  func needsCheck(_ item: TimeItem) -> Bool {
    switch item {
    case .weekdayNumber, .weekdayNumberFromSunday, .weekdayName, .shortWeekdayName:
      self == .monthAndDay || self == .dayOfYear
    case .dayOfYear: self != .dayOfYear
    case .isoYear, .isoWeek: self != .isoWeek
    case .sundayWeek: self != .weekOfYear(.fromSunday)
    case .mondayWeek: self != .weekOfYear(.fromMonday)
    case .year, .shortYear: self == .isoWeek
    case .month, .monthName, .shortMonthName, .day, .spacedDay: self != .monthAndDay && self != .month
    default: false
    }
  }

  /// The days since 1970; nil if there is no such day.
  func days(of parts: TimeParts) -> Int? {
    switch self {
    case .epoch: 0
    case .monthAndDay: Calendar.checkedDays(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
    case .month: Calendar.checkedDays(year: parts.year ?? 0, month: parts.month ?? 0, day: 1)
    case .year: Calendar.checkedDays(year: parts.year ?? 0, month: 1, day: 1)
    case .dayOfYear:
      Calendar.checkedDays(year: parts.year ?? 0, month: 1, day: 1).flatMap { first in
        let number = parts.dayOfYear ?? 0
        return 1...(Calendar.isLeapYear(parts.year ?? 0) ? 366 : 365) ~= number ? first + number - 1 : nil
      }
    case .weekOfYear(let kind):
      kind.days(
        year: parts.year ?? 0, week: (kind == .fromSunday ? parts.sundayWeek : parts.mondayWeek) ?? 0, weekday: parts.weekday ?? 1)
    case .isoWeek: isoDays(year: parts.isoYear ?? 0, week: parts.isoWeek ?? 0, weekday: parts.weekday ?? 1)
    }
  }

  private func isoDays(year: Int, week: Int, weekday: Int) -> Int? {
    // The fourth of January always lies in the first week.
    guard let fourth = Calendar.checkedDays(year: year, month: 1, day: 4) else { return nil }
    let days = fourth - Calendar.weekday(days: fourth) + (week - 1) * 7 + weekday
    return FunctionRegistry.isoWeek(days: days) == (year, week) ? days : nil
  }
}

/// What a text says of a time, part by part.
struct TimeParts {
  var year: Int?
  var month: Int?
  var day: Int?
  var dayOfYear: Int?
  /// 1 for Monday to 7.
  var weekday: Int?
  var isoYear: Int?
  var isoWeek: Int?
  var sundayWeek: Int?
  var mondayWeek: Int?
  var hour: Int?
  /// 0 for 12 to 11.
  var hour12: Int?
  /// 0 before noon, 1 after it.
  var halfDay: Int?
  var minute: Int?
  var second: Int?
  var microsecond: Int?
  var offsetSeconds: Int?
  var epochSecond: Int?

  /// The time of day as it is written; nil if there is none such.
  var microsecondOfDay: Int64? {
    var hours = hour ?? 0
    if hour == nil, let hour12 { hours = hour12 + 12 * (halfDay ?? 0) }
    guard hours < 24, (minute ?? 0) < 60, (second ?? 0) < 60, hour12.map({ $0 == hours % 12 }) ?? true,
      halfDay.map({ $0 == hours / 12 }) ?? true
    else { return nil }
    let seconds = Int64((hours * 60 + (minute ?? 0)) * 60 + (second ?? 0))
    return seconds * Calendar.microsecondsPerSecond + Int64(microsecond ?? 0)
  }

  /// Days and microseconds of the seconds since 1970.
  var epoch: (days: Int, microsecondOfDay: Int64) {
    let seconds = epochSecond ?? 0
    let days = seconds >= 0 ? seconds / 86_400 : (seconds + 1) / 86_400 - 1
    return (days, Int64(seconds - days * 86_400) * Calendar.microsecondsPerSecond + Int64(microsecond ?? 0))
  }

  /// Whether a part fits the day.
  func agree(on item: TimeItem, days: Int) -> Bool {
    func equals(_ part: Int?, _ actual: Int) -> Bool { part == nil || part == actual }
    let civil = Calendar.civil(days: days)
    switch item {
    case .year, .shortYear: return equals(year, civil.year)
    case .month, .monthName, .shortMonthName: return equals(month, civil.month)
    case .day, .spacedDay: return equals(day, civil.day)
    case .dayOfYear: return equals(dayOfYear, Calendar.dayOfYear(days: days))
    case .weekdayNumber, .weekdayNumberFromSunday, .weekdayName, .shortWeekdayName: return equals(weekday, Calendar.weekday(days: days))
    case .isoYear: return equals(isoYear, FunctionRegistry.isoWeek(days: days).year)
    case .isoWeek: return equals(isoWeek, FunctionRegistry.isoWeek(days: days).week)
    case .sundayWeek: return equals(sundayWeek, WeekOfYear.fromSunday.week(days: days))
    case .mondayWeek: return equals(mondayWeek, WeekOfYear.fromMonday.week(days: days))
    default: return true
    }
  }
}

extension Diagnostic {
  fileprivate static func unsettled(_ reason: String, _ suggestion: String) -> Diagnostic {
    Diagnostic(.badTimeFormat, "the format does not settle a time: \(reason)", suggestion: .words(suggestion))
  }
}
