// Formats of dates and times in the notation of `strftime`, and times written in them.

import DshColumns
import DshDiagnostics

/// A format taken apart once.
struct TimeFormat: Sendable {
  let items: [TimeItem]

  private static let itemsByLetter = Dictionary(uniqueKeysWithValues: TimeDirective.all.map { ($0.letter, $0.items) })

  init(_ format: String) throws(Diagnostic) {
    var items: [TimeItem] = []
    var isLetter = false
    for character in format {
      if isLetter {
        guard let meant = Self.itemsByLetter[character] else { throw .unknownDirective(character) }
        items += meant
        isLetter = false
      } else if character == "%" {
        isLetter = true
      } else {
        items += character.utf8.map { .text($0) }
      }
    }
    if isLetter { throw Diagnostic(.badTimeFormat, "a format ends with a lone %: \(format)") }
    self.items = items
  }

  /// - Parameter offsetSeconds: how far the clocks that show the time are ahead of UTC.
  func append(days: Int, microsecondOfDay: Int64, offsetSeconds: Int = 0, to output: TextOutput) {
    let (year, month, day) = Calendar.civil(days: days)
    let second = Int(microsecondOfDay / Calendar.microsecondsPerSecond)
    let hour = second / 3600
    for item in items {
      switch item {
      case .text(let byte): output.append(byte)
      case .year: output.append(number: year, width: 4)
      case .shortYear: output.append(number: ((year % 100) + 100) % 100, width: 2)
      case .month: output.append(number: month, width: 2)
      case .day: output.append(number: day, width: 2)
      case .spacedDay:
        if day < 10 { output.append(0x20) }
        output.append(number: day, width: 1)
      case .hour: output.append(number: hour, width: 2)
      case .hour12: output.append(number: (hour + 11) % 12 + 1, width: 2)
      case .minute: output.append(number: second / 60 % 60, width: 2)
      case .second: output.append(number: second % 60, width: 2)
      case .fraction: output.append(number: Int(microsecondOfDay % Calendar.microsecondsPerSecond), width: 6)
      case .dayOfYear: output.append(number: Calendar.dayOfYear(days: days), width: 3)
      case .monthName: output.append(CalendarNames.months[month - 1])
      case .shortMonthName: output.append(String(CalendarNames.months[month - 1].prefix(3)))
      case .weekdayName: output.append(CalendarNames.weekdays[Calendar.weekday(days: days) - 1])
      case .shortWeekdayName: output.append(String(CalendarNames.weekdays[Calendar.weekday(days: days) - 1].prefix(3)))
      case .halfDay: output.append(hour < 12 ? "AM" : "PM")
      case .weekdayNumber: output.append(number: Calendar.weekday(days: days), width: 1)
      case .weekdayNumberFromSunday: output.append(number: Calendar.weekday(days: days) % 7, width: 1)
      case .isoWeek: output.append(number: FunctionRegistry.isoWeek(days: days).week, width: 2)
      case .isoYear: output.append(number: FunctionRegistry.isoWeek(days: days).year, width: 4)
      case .sundayWeek: output.append(number: WeekOfYear.fromSunday.week(days: days), width: 2)
      case .mondayWeek: output.append(number: WeekOfYear.fromMonday.week(days: days), width: 2)
      case .zone:
        output.append(offsetSeconds < 0 ? "-" : "+")
        let minutes = abs(offsetSeconds) / 60
        output.append(number: minutes / 60 * 100 + minutes % 60, width: 4)
      case .epochSecond: output.append(number: days * 86_400 + second - offsetSeconds, width: 1)
      }
    }
  }
}

/// Weeks that begin with a year's first Sunday or Monday.
enum WeekOfYear: Sendable {
  case fromSunday, fromMonday

  /// 0 for the first day of the week to 6.
  private func dayOfWeek(days: Int) -> Int { self == .fromSunday ? Calendar.weekday(days: days) % 7 : Calendar.weekday(days: days) - 1 }

  /// The number of the week that a day lies in, 0 to 53.
  func week(days: Int) -> Int { (Calendar.dayOfYear(days: days) + 6 - dayOfWeek(days: days)) / 7 }

  /// The day with a weekday (1 for Monday to 7) in a week; nil if the year has none.
  func days(year: Int, week: Int, weekday: Int) -> Int? {
    guard let first = Calendar.checkedDays(year: year, month: 1, day: 1) else { return nil }
    let offset = self == .fromSunday ? weekday % 7 : weekday - 1
    let days = first + week * 7 - dayOfWeek(days: first) + offset - (dayOfWeek(days: first) == 0 ? 7 : 0)
    return Calendar.civil(days: days).year == year ? days : nil
  }
}

extension Diagnostic {
  fileprivate static func unknownDirective(_ letter: Character) -> Diagnostic {
    Diagnostic(
      .badTimeFormat, "no part of a time \"%\(letter)\"", suggestion: TimeDirective.substitute(for: letter).map { .words($0) },
      notes: ["parts: \(TimeDirective.all.map { "%\($0.letter)" }.joined(separator: " "))"])
  }
}

extension TextOutput {
  /// Appends a number with leading zeros up to a width; a minus sign does not count.
  func append(number: Int, width: Int) {
    let digits = String(number.magnitude)
    if number < 0 { append(0x2D) }
    for _ in 0..<max(0, width - digits.utf8.count) { append(0x30) }
    append(digits)
  }
}
