// The parts of a time in the notation of `strftime`: what each letter behind a % stands for, and which are refused.

/// What a format is made of.
enum TimeItem: Sendable, Hashable {
  case text(UInt8)
  case year, shortYear, month, day, spacedDay, dayOfYear, monthName, shortMonthName
  /// 1 for Monday to 7 for Sunday; 0 for Sunday to 6 for Saturday.
  case weekdayNumber, weekdayNumberFromSunday, weekdayName, shortWeekdayName
  case isoYear, isoWeek
  /// Weeks from the first Sunday, or Monday, of the year on; the days before are week 0.
  case sundayWeek, mondayWeek
  case hour, hour12, halfDay, minute, second, fraction
  /// The distance from UTC.
  case zone
  /// Seconds since 1970.
  case epochSecond

  /// Whether it is written in digits.
  var isNumber: Bool {
    switch self {
    case .text(let byte): byte &- 0x30 < 10
    case .monthName, .shortMonthName, .weekdayName, .shortWeekdayName, .halfDay, .zone: false
    default: true
    }
  }
}

/// A letter behind a %, and what it stands for.
public struct TimeDirective: Sendable {
  public let letter: Character
  /// A few words.
  public let meaning: String
  let items: [TimeItem]

  private init(_ letter: Character, _ items: [TimeItem], _ meaning: String) {
    self.letter = letter
    self.items = items
    self.meaning = meaning
  }

  /// In the order in which help and errors list them.
  public static let all = [
    TimeDirective("Y", [.year], "year, 2024"), TimeDirective("y", [.shortYear], "year without its century: 69 to 99 are of the 20th"),
    TimeDirective("m", [.month], "month, 01 to 12"), TimeDirective("B", [.monthName], "month, January"),
    TimeDirective("b", [.shortMonthName], "month, Jan; %h is the same"), TimeDirective("h", [.shortMonthName], "month, Jan"),
    TimeDirective("d", [.day], "day of the month, 01 to 31"), TimeDirective("e", [.spacedDay], "day of the month with a blank for a zero"),
    TimeDirective("j", [.dayOfYear], "day of the year, 001 to 366"),
    TimeDirective("A", [.weekdayName], "weekday, Monday"), TimeDirective("a", [.shortWeekdayName], "weekday, Mon"),
    TimeDirective("u", [.weekdayNumber], "weekday, 1 for Monday to 7"),
    TimeDirective("w", [.weekdayNumberFromSunday], "weekday, 0 for Sunday to 6"),
    TimeDirective("G", [.isoYear], "year of the ISO 8601 week"), TimeDirective("V", [.isoWeek], "ISO 8601 week, 01 to 53"),
    TimeDirective("U", [.sundayWeek], "week from the first Sunday on, 00 to 53"),
    TimeDirective("W", [.mondayWeek], "week from the first Monday on, 00 to 53"),
    TimeDirective("H", [.hour], "hour, 00 to 23"), TimeDirective("I", [.hour12], "hour, 01 to 12, with %p"),
    TimeDirective("p", [.halfDay], "AM or PM"), TimeDirective("M", [.minute], "minute"), TimeDirective("S", [.second], "second"),
    TimeDirective("f", [.fraction], "fraction of a second, up to six digits"),
    TimeDirective("z", [.zone], "distance from UTC: +02:00, +0200, +02 or Z; the time read is turned into UTC"),
    TimeDirective("s", [.epochSecond], "seconds since 1970-01-01 00:00:00 UTC"),
    TimeDirective("F", [.year, .text(0x2D), .month, .text(0x2D), .day], "%Y-%m-%d"),
    TimeDirective("T", [.hour, .text(0x3A), .minute, .text(0x3A), .second], "%H:%M:%S"),
    TimeDirective("R", [.hour, .text(0x3A), .minute], "%H:%M"),
    TimeDirective("D", [.month, .text(0x2F), .day, .text(0x2F), .shortYear], "%m/%d/%y"),
    TimeDirective("n", [.text(0x0A)], "end of a line"), TimeDirective("t", [.text(0x09)], "tab"),
    TimeDirective("%", [.text(0x25)], "percent sign"),
  ]

  /// What to do instead of a letter that other programs know; nil for one that none does.
  static func substitute(for letter: Character) -> String? {
    switch letter {
    case "Z":
      "a zone's name says no distance everywhere: %z reads +02:00 and Z, and letters such as UTC may stand in the format as they are"
    case "c", "x", "X", "r", "E", "O", "+", "v": "it depends on the language: write its parts out, such as %Y-%m-%d %H:%M:%S"
    case "C": "use %Y, the whole year"
    case "g": "use %G, the whole year"
    case "k": "use %H; one digit is read too"
    case "l": "use %I; one digit is read too"
    case "P": "use %p"
    case "i": "use %M"
    case "L", "N", "q": "use %f"
    case "Q": "read it as a number, and use from_epoch(x / 1000.0)"
    case "-", "_", "0", "^", "#": "numbers are read with and without zeros in front, and written with them"
    default: nil
    }
  }
}
