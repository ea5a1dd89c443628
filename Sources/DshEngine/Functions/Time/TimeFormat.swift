// Formats of dates and times in the notation of `strftime`.

import DshColumns
import DshDiagnostics

/// A format taken apart once.
struct TimeFormat: Sendable {
  enum Item: Sendable, Equatable {
    case text(UInt8)
    case year, shortYear, month, day, spacedDay, hour, hour12, minute, second, fraction, dayOfYear
    case monthName, shortMonthName, weekdayName, shortWeekdayName, halfDay, weekdayNumber, isoWeek, isoYear
  }

  let items: [Item]

  /// The letters after `%` and what they stand for, in the order in which an error lists them.
  private static let letters: [(letter: Character, items: [Item])] = [
    ("Y", [.year]), ("y", [.shortYear]), ("m", [.month]), ("d", [.day]), ("e", [.spacedDay]), ("H", [.hour]), ("I", [.hour12]),
    ("M", [.minute]), ("S", [.second]), ("f", [.fraction]), ("j", [.dayOfYear]), ("B", [.monthName]), ("b", [.shortMonthName]),
    ("A", [.weekdayName]), ("a", [.shortWeekdayName]), ("p", [.halfDay]), ("u", [.weekdayNumber]), ("V", [.isoWeek]), ("G", [.isoYear]),
    ("F", [.year, .text(0x2D), .month, .text(0x2D), .day]), ("T", [.hour, .text(0x3A), .minute, .text(0x3A), .second]),
    ("%", [.text(0x25)]),
  ]

  init(_ format: String) throws(Diagnostic) {
    var items: [Item] = []
    var isLetter = false
    for character in format {
      if isLetter {
        guard let entry = Self.letters.first(where: { $0.letter == character }) else {
          throw Diagnostic(
            "bad-time-format", .user, "no part of a time \"%\(character)\"",
            notes: ["parts: \(Self.letters.map { "%\($0.letter)" }.joined(separator: " "))"])
        }
        items += entry.items
        isLetter = false
      } else if character == "%" {
        isLetter = true
      } else {
        items += character.utf8.map { .text($0) }
      }
    }
    if isLetter { throw Diagnostic("bad-time-format", .user, "a format ends with a lone %: \(format)") }
    self.items = items
  }

  // MARK: Writing

  func append(days: Int, microsecondOfDay: Int64, to output: TextOutput) {
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
      case .isoWeek: output.append(number: FunctionRegistry.isoWeek(days: days).week, width: 2)
      case .isoYear: output.append(number: FunctionRegistry.isoWeek(days: days).year, width: 4)
      }
    }
  }

  // MARK: Reading

  /// Days and microseconds of a text in this format, or nil if it is not in it. Names are understood in any letter case; the week
  /// parts are skipped over, since the day follows from the date.
  func parse(_ text: TextSlice) -> (days: Int, microsecondOfDay: Int64)? {
    var cursor = TimeCursor(text: text)
    var parts = Calendar.Parts(year: 1970, month: 1, day: 1)
    var dayOfYear: Int?
    var isAfternoon: Bool?
    for item in items {
      switch item {
      case .text(let byte): guard cursor.skip(byte) else { return nil }
      case .year, .isoYear:
        guard let year = cursor.readSignedNumber(maximumDigits: 7) else { return nil }
        if item == .year { parts.year = year }
      case .shortYear:
        guard let year = cursor.readNumber(maximumDigits: 2) else { return nil }
        // As POSIX has it: 69 to 99 are of the twentieth century.
        parts.year = year + (year >= 69 ? 1900 : 2000)
      case .month: guard cursor.read(2, into: &parts.month) else { return nil }
      case .day: guard cursor.read(2, into: &parts.day) else { return nil }
      case .spacedDay:
        _ = cursor.skip(0x20)
        guard cursor.read(2, into: &parts.day) else { return nil }
      case .hour: guard cursor.read(2, into: &parts.hour) else { return nil }
      case .hour12:
        guard cursor.read(2, into: &parts.hour), 1...12 ~= parts.hour else { return nil }
        parts.hour %= 12
      case .minute: guard cursor.read(2, into: &parts.minute) else { return nil }
      case .second: guard cursor.read(2, into: &parts.second) else { return nil }
      case .fraction:
        guard let microseconds = cursor.readFraction() else { return nil }
        parts.microsecond = microseconds
      case .dayOfYear:
        guard let number = cursor.readNumber(maximumDigits: 3), number >= 1 else { return nil }
        dayOfYear = number
      case .monthName, .shortMonthName:
        guard let index = cursor.readName(CalendarNames.months) else { return nil }
        parts.month = index + 1
      case .weekdayName, .shortWeekdayName: guard cursor.readName(CalendarNames.weekdays) != nil else { return nil }
      case .weekdayNumber: guard cursor.readNumber(maximumDigits: 1) != nil else { return nil }
      case .isoWeek: guard cursor.readNumber(maximumDigits: 2) != nil else { return nil }
      case .halfDay:
        guard let index = cursor.readName(["AM", "PM"]) else { return nil }
        isAfternoon = index == 1
      }
    }
    guard cursor.isAtEnd else { return nil }
    if isAfternoon == true && parts.hour < 12 { parts.hour += 12 }
    return Self.assemble(parts, dayOfYear)
  }

  private static func assemble(_ parts: Calendar.Parts, _ dayOfYear: Int?) -> (days: Int, microsecondOfDay: Int64)? {
    guard var days = Calendar.checkedDays(year: parts.year, month: parts.month, day: parts.day), 0..<24 ~= parts.hour,
      0..<60 ~= parts.minute, 0..<60 ~= parts.second
    else { return nil }
    if let dayOfYear {
      guard dayOfYear <= (Calendar.isLeapYear(parts.year) ? 366 : 365) else { return nil }
      days = Calendar.days(year: parts.year, month: 1, day: 1) + dayOfYear - 1
    }
    let seconds = Int64((parts.hour * 60 + parts.minute) * 60 + parts.second)
    return (days, seconds * Calendar.microsecondsPerSecond + Int64(parts.microsecond))
  }
}

/// A place in a text that a format is read from.
private struct TimeCursor {
  let text: TextSlice
  var position = 0

  var isAtEnd: Bool { position == text.count }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func readNumber(maximumDigits: Int) -> Int? {
    var number = 0
    let start = position
    while position < text.count, position - start < maximumDigits, text[position] &- 0x30 < 10 {
      number = number * 10 + Int(text[position] &- 0x30)
      position += 1
    }
    return position > start ? number : nil
  }

  /// Years have four digits unless the digits go on past them without a break.
  mutating func readSignedNumber(maximumDigits: Int) -> Int? {
    let isNegative = skip(0x2D)
    var digits = 0
    while position + digits < text.count, text[position + digits] &- 0x30 < 10 { digits += 1 }
    guard let number = readNumber(maximumDigits: digits > maximumDigits ? 4 : digits == 8 ? 4 : max(1, digits)) else { return nil }
    return isNegative ? -number : number
  }

  mutating func read(_ digits: Int, into part: inout Int) -> Bool {
    guard let number = readNumber(maximumDigits: digits) else { return false }
    part = number
    return true
  }

  /// One to six digits as microseconds.
  mutating func readFraction() -> Int? {
    let start = position
    guard var number = readNumber(maximumDigits: 6) else { return nil }
    for _ in (position - start)..<6 { number *= 10 }
    return number
  }

  /// The index of a name, in full or by its first three letters.
  mutating func readName(_ names: [String]) -> Int? {
    for (index, name) in names.enumerated() {
      for candidate in [name, String(name.prefix(3))] where matches(candidate) {
        position += candidate.utf8.count
        return index
      }
    }
    return nil
  }

  private func matches(_ name: String) -> Bool {
    guard position + name.utf8.count <= text.count else { return false }
    return zip(name.utf8, text[position...]).allSatisfy { $0 | 0x20 == $1 | 0x20 }
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
