// A place in a text that the parts of a time are read from.

import DshColumns

struct TimeCursor {
  let text: TextSlice
  private var position = 0

  init(text: TextSlice) { self.text = text }

  /// The digits of the years that a calendar of 32-bit days has.
  private static let yearDigitLimit = 7
  /// More seconds than any timestamp has.
  private static let epochDigitLimit = 14

  var isAtEnd: Bool { position == text.count }

  /// Reads one part; false if it is not there, or contradicts what was read before.
  ///
  /// - Parameter beforeNumber: whether digits follow at once, so that the part has to have all of its own.
  mutating func read(_ item: TimeItem, beforeNumber: Bool, into parts: inout TimeParts) -> Bool {
    func digits(_ count: Int) -> ClosedRange<Int> { beforeNumber ? count...count : 1...count }
    switch item {
    case .text(let byte): return skip(byte)
    case .year: return note(readYear(beforeNumber: beforeNumber), \.year, &parts)
    case .isoYear: return note(readYear(beforeNumber: beforeNumber), \.isoYear, &parts)
    // As POSIX has it: 69 to 99 are of the twentieth century.
    case .shortYear: return note(readNumber(2...2).map { $0 + ($0 >= 69 ? 1900 : 2000) }, \.year, &parts)
    case .month: return note(readNumber(digits(2)), \.month, &parts)
    case .day: return note(readPadded(digits(2)), \.day, &parts)
    case .spacedDay: return note(readPadded(digits(2)), \.day, &parts)
    case .dayOfYear: return note(readNumber(digits(3)), \.dayOfYear, &parts)
    case .monthName, .shortMonthName: return note(readName(CalendarNames.months).map { $0 + 1 }, \.month, &parts)
    case .weekdayName, .shortWeekdayName: return note(readName(CalendarNames.weekdays).map { $0 + 1 }, \.weekday, &parts)
    case .weekdayNumber: return note(readNumber(1...1, within: 1...7), \.weekday, &parts)
    case .weekdayNumberFromSunday: return note(readNumber(1...1, within: 0...6).map { $0 == 0 ? 7 : $0 }, \.weekday, &parts)
    case .isoWeek: return note(readNumber(digits(2), within: 1...53), \.isoWeek, &parts)
    case .sundayWeek: return note(readNumber(digits(2), within: 0...53), \.sundayWeek, &parts)
    case .mondayWeek: return note(readNumber(digits(2), within: 0...53), \.mondayWeek, &parts)
    case .hour: return note(readNumber(digits(2)), \.hour, &parts)
    case .hour12: return note(readNumber(digits(2), within: 1...12).map { $0 % 12 }, \.hour12, &parts)
    case .halfDay: return note(readName(["AM", "PM"]), \.halfDay, &parts)
    case .minute: return note(readNumber(digits(2)), \.minute, &parts)
    case .second: return note(readNumber(digits(2)), \.second, &parts)
    case .fraction: return note(readFraction(digits(6)), \.microsecond, &parts)
    case .zone: return note(readZone(), \.offsetSeconds, &parts)
    case .epochSecond: return note(readSigned { $0.readNumber(1...Self.epochDigitLimit) }, \.epochSecond, &parts)
    }
  }

  /// Takes in a part; false if there is none, or another value was given for it before.
  private func note(_ value: Int?, _ part: WritableKeyPath<TimeParts, Int?>, _ parts: inout TimeParts) -> Bool {
    guard let value else { return false }
    if let before = parts[keyPath: part] { return before == value }
    parts[keyPath: part] = value
    return true
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  /// As many digits as there are, up to a limit.
  private mutating func readNumber(_ digits: ClosedRange<Int>, within range: ClosedRange<Int>? = nil) -> Int? {
    var number = 0
    let start = position
    while position < text.count, position - start < digits.upperBound, text[position] &- 0x30 < 10 {
      number = number * 10 + Int(text[position] &- 0x30)
      position += 1
    }
    return position - start >= digits.lowerBound && range?.contains(number) ?? true ? number : nil
  }

  /// A number that a blank may stand before in the place of a zero.
  private mutating func readPadded(_ digits: ClosedRange<Int>) -> Int? { skip(0x20) ? readNumber(1...1) : readNumber(digits) }

  private mutating func readSigned(_ magnitude: (inout TimeCursor) -> Int?) -> Int? {
    let isNegative = skip(0x2D)
    return magnitude(&self).map { isNegative ? -$0 : $0 }
  }

  /// Four digits, or more where no others follow: `24` is no year.
  private mutating func readYear(beforeNumber: Bool) -> Int? {
    readSigned { $0.readNumber(beforeNumber ? 4...4 : 4...Self.yearDigitLimit) }
  }

  /// One to six digits as microseconds.
  private mutating func readFraction(_ digits: ClosedRange<Int>) -> Int? {
    let start = position
    guard var number = readNumber(digits) else { return nil }
    for _ in (position - start)..<6 { number *= 10 }
    return number
  }

  private mutating func readZone() -> Int? { Calendar.readZone(UnsafeRawBufferPointer(text), from: &position) }

  /// The index of a name, in full or by its first three letters.
  private mutating func readName(_ names: [String]) -> Int? {
    for (index, name) in names.enumerated() {
      for length in [name.utf8.count, 3] where matches(name, length) {
        position += min(length, name.utf8.count)
        return index
      }
    }
    return nil
  }

  /// Whether the first bytes of a name stand here, in any letter case.
  private func matches(_ name: String, _ length: Int) -> Bool {
    let wanted = name.utf8.prefix(length)
    guard position + wanted.count <= text.count else { return false }
    return zip(wanted, text[position...]).allSatisfy { $0 | 0x20 == $1 | 0x20 }
  }
}
