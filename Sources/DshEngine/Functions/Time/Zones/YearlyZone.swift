// What a time zone does each year from now on, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.

import DshColumns

/// A zone with standard time and perhaps summer time.
struct YearlyZone: Sendable {
  private let standard: Int
  private let summer: Summer?

  private struct Summer: Sendable {
    let offset: Int
    let start, end: Day
  }

  /// A day of the year and a time of it.
  private struct Day: Sendable {
    enum Kind: Sendable {
      /// 1 to 365: without the 29th of February.
      case julian(Int)
      /// 0 to 365.
      case ordinal(Int)
      /// The so-maniest weekday (0 for Sunday) of a month; the fifth is the last.
      case weekday(month: Int, week: Int, weekday: Int)
    }

    let kind: Kind
    let seconds: Int

    /// In seconds since 1970, as clocks show it.
    func seconds(in year: Int) -> Int64 {
      let days: Int
      switch kind {
      case .julian(let number):
        days = Calendar.days(year: year, month: 1, day: 1) + number - 1 + (Calendar.isLeapYear(year) && number >= 60 ? 1 : 0)
      case .ordinal(let number): days = Calendar.days(year: year, month: 1, day: 1) + number
      case .weekday(let month, let week, let weekday):
        let first = Calendar.days(year: year, month: month, day: 1)
        var day = 1 + (weekday - Calendar.weekday(days: first) % 7 + 7) % 7 + (week - 1) * 7
        while day > Calendar.monthLength(year: year, month: month) { day -= 7 }
        days = first + day - 1
      }
      return Int64(days) * 86_400 + Int64(seconds)
    }
  }

  init?(_ text: [UInt8]) {
    var cursor = Cursor(text: text)
    guard cursor.skipName(), let standard = cursor.readTime(hourLimit: 24) else { return nil }
    self.standard = -standard
    if cursor.isAtEnd {
      summer = nil
      return
    }
    guard cursor.skipName() else { return nil }
    var offset = -standard + 3600
    if !cursor.isAt(",") {
      guard let written = cursor.readTime(hourLimit: 24) else { return nil }
      offset = -written
    }
    guard let start = cursor.readDay(), let end = cursor.readDay(), cursor.isAtEnd else { return nil }
    summer = Summer(offset: offset, start: start, end: end)
  }

  /// Seconds east of UTC at a time in seconds since 1970.
  func offset(at seconds: Int64) -> Int {
    guard let summer else { return standard }
    let year = Calendar.civil(days: Int((seconds + Int64(standard)).flooredDivision(by: 86_400))).year
    let start = summer.start.seconds(in: year) - Int64(standard)
    let end = summer.end.seconds(in: year) - Int64(summer.offset)
    let isSummer = start < end ? seconds >= start && seconds < end : !(seconds >= end && seconds < start)
    return isSummer ? summer.offset : standard
  }

  /// A place in the text.
  private struct Cursor {
    let text: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == text.count }

    func isAt(_ character: Unicode.Scalar) -> Bool { position < text.count && text[position] == UInt8(ascii: character) }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard isAt(character) else { return false }
      position += 1
      return true
    }

    /// A name of letters, or of anything between `<` and `>`.
    mutating func skipName() -> Bool {
      if skip("<") {
        while position < text.count, !isAt(">") { position += 1 }
        return skip(">")
      }
      let start = position
      while position < text.count, text[position].isASCIILetter { position += 1 }
      return position > start
    }

    mutating func readNumber(_ limit: Int) -> Int? {
      var number: Int?
      while position < text.count, text[position].isASCIIDigit {
        number = (number ?? 0) * 10 + Int(text[position] - UInt8(ascii: "0"))
        if (number ?? 0) > limit { return nil }
        position += 1
      }
      return number
    }

    /// Hours, perhaps with minutes and seconds and a sign, as seconds.
    mutating func readTime(hourLimit: Int) -> Int? {
      let isNegative = skip("-")
      if !isNegative { _ = skip("+") }
      guard var seconds = readNumber(hourLimit).map({ $0 * 3600 }) else { return nil }
      for unit in [60, 1] {
        guard skip(":") else { break }
        guard let number = readNumber(59) else { return nil }
        seconds += number * unit
      }
      return isNegative ? -seconds : seconds
    }

    mutating func readDay() -> Day? {
      guard skip(",") else { return nil }
      let kind: Day.Kind
      if skip("M") {
        guard let month = readNumber(12), month > 0, skip("."), let week = readNumber(5), week > 0, skip("."), let weekday = readNumber(6)
        else { return nil }
        kind = .weekday(month: month, week: week, weekday: weekday)
      } else if skip("J") {
        guard let number = readNumber(365), number > 0 else { return nil }
        kind = .julian(number)
      } else {
        guard let number = readNumber(365) else { return nil }
        kind = .ordinal(number)
      }
      guard skip("/") else { return Day(kind: kind, seconds: 2 * 3600) }
      // Beyond a day where a rule means a later one: RFC 9636, 3.3.1.
      return readTime(hourLimit: 167).map { Day(kind: kind, seconds: $0) }
    }
  }
}
