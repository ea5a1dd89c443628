// Days and microseconds to civil dates and back, and their ISO 8601 text, over the whole range of both integers.

/// The proleptic Gregorian calendar without time zones.
///
/// Days to civil date and back follow Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
/// (`days_from_civil`, `civil_from_days`): eras of 400 years, years that begin in March.
public enum Calendar {
  public static let microsecondsPerSecond: Int64 = 1_000_000
  public static let microsecondsPerDay: Int64 = 86_400_000_000

  /// The most digits of a year that is parsed: `Int32` days reach years of seven digits.
  private static let yearDigitLimit = 7

  /// A point of time taken apart.
  public struct Parts: Hashable, Sendable {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to the length of the month.
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
    public var microsecond: Int

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0) {
      self.year = year
      self.month = month
      self.day = day
      self.hour = hour
      self.minute = minute
      self.second = second
      self.microsecond = microsecond
    }
  }

  /// The days from 1970-01-01 to a date of at most ± ten million years; the month must be 1 to 12.
  @inlinable public static func days(year: Int, month: Int, day: Int) -> Int {
    let marchYear = year &- (month <= 2 ? 1 : 0)
    let era = (marchYear >= 0 ? marchYear : marchYear &- 399) / 400
    let yearOfEra = marchYear &- era &* 400
    let dayOfYear = (153 &* (month &+ (month > 2 ? -3 : 9)) &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return era &* 146_097 &+ dayOfEra &- 719_468
  }

  /// The date that many days after 1970-01-01.
  @inlinable public static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days &+ 719_468
    let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
    let dayOfEra = shifted &- era &* 146_097
    let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let marchMonth = (5 &* dayOfYear &+ 2) / 153
    let month = marchMonth < 10 ? marchMonth &+ 3 : marchMonth &- 9
    return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, dayOfYear &- (153 &* marchMonth &+ 2) / 5 &+ 1)
  }

  @inlinable public static func isLeapYear(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// The days of a month, 28 to 31; the month must be 1 to 12.
  @inlinable public static func monthLength(year: Int, month: Int) -> Int {
    month == 2 ? (isLeapYear(year) ? 29 : 28) : 30 &+ (month &+ month / 8) % 2
  }

  /// 1 for Monday to 7 for Sunday.
  @inlinable public static func weekday(days: Int) -> Int {
    let remainder = (days &+ 3) % 7
    return (remainder < 0 ? remainder &+ 7 : remainder) &+ 1
  }

  /// 1 to 366.
  @inlinable public static func dayOfYear(days: Int) -> Int {
    days &- Calendar.days(year: civil(days: days).year, month: 1, day: 1) &+ 1
  }

  /// A timestamp as whole days and the microseconds into the day, never negative.
  @inlinable public static func split(timestamp: Int64) -> (days: Int, microsecondOfDay: Int64) {
    let quotient = timestamp / microsecondsPerDay
    let remainder = timestamp &- quotient &* microsecondsPerDay
    return remainder < 0 ? (Int(quotient) &- 1, remainder &+ microsecondsPerDay) : (Int(quotient), remainder)
  }

  public static func parts(timestamp: Int64) -> Parts {
    let (days, microsecondOfDay) = split(timestamp: timestamp)
    let (year, month, day) = civil(days: days)
    let second = Int(microsecondOfDay / microsecondsPerSecond)
    return Parts(
      year: year, month: month, day: day, hour: second / 3600, minute: second / 60 % 60, second: second % 60,
      microsecond: Int(microsecondOfDay % microsecondsPerSecond))
  }

  /// The timestamp of a date and a time, or nil if a part is out of its range or the whole beyond 64 bits.
  public static func timestamp(_ parts: Parts) -> Int64? {
    guard let days = checkedDays(year: parts.year, month: parts.month, day: parts.day), 0..<24 ~= parts.hour, 0..<60 ~= parts.minute,
      0..<60 ~= parts.second, 0..<1_000_000 ~= parts.microsecond
    else { return nil }
    let seconds = (parts.hour * 60 + parts.minute) * 60 + parts.second
    return timestamp(days: days, microsecondOfDay: Int64(seconds) * microsecondsPerSecond + Int64(parts.microsecond))
  }

  /// The timestamp of microseconds into a day, or nil beyond 64 bits.
  public static func timestamp(days: Int, microsecondOfDay: Int64) -> Int64? { instant(days: days, microsecondOfDay, .microseconds) }

  private static func instant(days: Int, _ ofDay: Int64, _ unit: TimeResolution) -> Int64? {
    let perDay = unit.perSecond * 86_400
    // Counted from the end of a day before 1970, so that the very first representable day does not overflow on the way.
    let wholeDays = Int64(days < 0 ? days + 1 : days)
    let rest = days < 0 ? ofDay - perDay : ofDay
    let (product, overflow) = wholeDays.multipliedReportingOverflow(by: perDay)
    let (sum, carry) = product.addingReportingOverflow(rest)
    return overflow || carry ? nil : sum
  }

  /// The days of a date, or nil if there is no such date or its year has more than seven digits.
  public static func checkedDays(year: Int, month: Int, day: Int) -> Int? {
    guard -9_999_999...9_999_999 ~= year, 1...12 ~= month, day >= 1, day <= monthLength(year: year, month: month) else { return nil }
    return days(year: year, month: month, day: day)
  }

  // MARK: Text

  /// Reads `2024-01-31`; the year has four to seven digits and may be negative. Nil for anything else.
  public static func parseDate(_ text: UnsafeRawBufferPointer) -> Int32? {
    var cursor = unsafe Cursor(text: text)
    guard let days = cursor.readDate(), cursor.isAtEnd else { return nil }
    return Int32(exactly: days)
  }

  /// Reads `2024-01-31 10:00:00.25`: `T` or one space between date and time, seconds and a fraction optional, a date alone is its
  /// midnight. A zone may follow, at once or behind a space (`Z`, `UTC`, `+02:00`, `+0200`, `+02`): the time is turned into UTC. Nil for
  /// anything else, a finer fraction than microseconds included.
  public static func parseTimestamp(_ text: UnsafeRawBufferPointer) -> Int64? { unsafe parseInstant(text, .microseconds) }

  /// The same in another unit.
  public static func parseInstant(_ text: UnsafeRawBufferPointer, _ unit: TimeResolution) -> Int64? {
    var cursor = unsafe Cursor(text: text)
    guard let days = cursor.readDate() else { return nil }
    if cursor.isAtEnd { return instant(days: days, 0, unit) }
    guard cursor.skip("T") || cursor.skip(" "), let ofDay = cursor.readTime(unit) else { return nil }
    guard let local = instant(days: days, ofDay, unit) else { return nil }
    if cursor.isAtEnd { return local }
    _ = cursor.skip(" ")
    if cursor.skip("U") { return cursor.skip("T") && cursor.skip("C") && cursor.isAtEnd ? local : nil }
    guard let offsetSeconds = unsafe readZone(text, from: &cursor.position), cursor.isAtEnd else { return nil }
    let (universal, overflow) = local.subtractingReportingOverflow(Int64(offsetSeconds) * unit.perSecond)
    return overflow ? nil : universal
  }

  /// Reads a distance from UTC, `Z`, `+02:00`, `-0530`, `+02` or with seconds behind that, as seconds to the east; nil if none stands there.
  public static func readZone(_ text: UnsafeRawBufferPointer, from position: inout Int) -> Int? {
    var cursor = unsafe Cursor(text: text, position: position)
    defer { position = cursor.position }
    if cursor.skip("Z") || cursor.skip("z") { return 0 }
    let isWest = cursor.skip("-")
    guard isWest || cursor.skip("+"), let hours = cursor.readDigits(2), hours < 24 else { return nil }
    var seconds = hours * 3600
    var hasColons: Bool?
    for unit in [60, 1] {
      let hasColon = cursor.skip(":")
      guard hasColon || cursor.isAtDigit else { break }
      guard hasColons == nil || hasColons == hasColon, let number = cursor.readDigits(2), number < 60 else { return nil }
      hasColons = hasColon
      seconds += number * unit
    }
    return isWest ? -seconds : seconds
  }

  /// Appends `2024-01-31`.
  public static func append(date days: Int, to output: MutableBuffer) {
    output.reserve(CellText.numberLimitBytes)
    unsafe output.byteCount &+= write(date: days, to: (output.start + output.byteCount).assumingMemoryBound(to: UInt8.self))
  }

  /// Appends `2024-01-31 10:00:00`, with six digits of fraction where it is not zero.
  public static func append(timestamp: Int64, to output: MutableBuffer) {
    output.reserve(CellText.numberLimitBytes)
    unsafe output.byteCount &+= write(timestamp: timestamp, to: (output.start + output.byteCount).assumingMemoryBound(to: UInt8.self))
  }

  /// Writes a date at an address with room for `CellText.numberLimitBytes`; how many bytes it took.
  public static func write(date days: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let (year, month, day) = civil(days: days)
    var length = 0
    if year < 0 {
      unsafe target[0] = UInt8(ascii: "-")
      length = 1
    }
    let magnitude = year < 0 ? 0 &- year : year
    if magnitude > 9999 {
      var divisor = 10_000
      while magnitude / divisor >= 10 { divisor *= 10 }
      while divisor > 1000 {
        unsafe target[length] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude / divisor % 10)
        length &+= 1
        divisor /= 10
      }
    }
    unsafe writePair(magnitude / 100 % 100, to: target + length)
    unsafe writePair(magnitude % 100, to: target + length + 2)
    unsafe target[length &+ 4] = UInt8(ascii: "-")
    unsafe writePair(month, to: target + length + 5)
    unsafe target[length &+ 7] = UInt8(ascii: "-")
    unsafe writePair(day, to: target + length + 8)
    return length &+ 10
  }

  /// Writes a timestamp at an address with room for `CellText.numberLimitBytes`; how many bytes it took.
  public static func write(timestamp: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let (days, microsecondOfDay) = split(timestamp: timestamp)
    let length = unsafe write(date: days, to: target)
    let time = unsafe target + length
    let second = Int(microsecondOfDay / microsecondsPerSecond)
    unsafe time[0] = UInt8(ascii: " ")
    unsafe writePair(second / 3600, to: time + 1)
    unsafe time[3] = UInt8(ascii: ":")
    unsafe writePair(second / 60 % 60, to: time + 4)
    unsafe time[6] = UInt8(ascii: ":")
    unsafe writePair(second % 60, to: time + 7)
    let fraction = Int(microsecondOfDay % microsecondsPerSecond)
    guard fraction != 0 else { return length &+ 9 }
    unsafe time[9] = UInt8(ascii: ".")
    unsafe writePair(fraction / 10_000, to: time + 10)
    unsafe writePair(fraction / 100 % 100, to: time + 12)
    unsafe writePair(fraction % 100, to: time + 14)
    return length &+ 16
  }

  @inline(__always)
  private static func writePair(_ number: Int, to target: UnsafeMutablePointer<UInt8>) {
    unsafe target[0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10)
    unsafe target[1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10)
  }

  /// A place in a text that is read from left to right.
  ///
  /// `@safe`: every byte is read below the end of the text, and a cursor ends with the call that the text was lent for.
  @safe private struct Cursor {
    let text: UnsafeRawBufferPointer
    var position = 0

    var isAtEnd: Bool { unsafe position == text.count }

    var isAtDigit: Bool { unsafe position < text.count && text[position] &- UInt8(ascii: "0") < 10 }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard unsafe position < text.count, unsafe text[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    /// Exactly `count` digits.
    mutating func readDigits(_ count: Int) -> Int? {
      guard unsafe position + count <= text.count else { return nil }
      var number = 0
      for _ in 0..<count {
        let digit = unsafe text[position] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        number = number * 10 + Int(digit)
        position += 1
      }
      return number
    }

    mutating func readDate() -> Int? {
      let isNegative = skip("-")
      var digits = 0
      while unsafe position + digits < text.count, unsafe text[position + digits] &- UInt8(ascii: "0") < 10 { digits += 1 }
      guard 4...Calendar.yearDigitLimit ~= digits, let year = readDigits(digits), skip("-"), let month = readDigits(2), skip("-"),
        let day = readDigits(2)
      else { return nil }
      return Calendar.checkedDays(year: isNegative ? -year : year, month: month, day: day)
    }

    /// How many of a unit the time is into the day.
    mutating func readTime(_ resolution: TimeResolution) -> Int64? {
      guard let hour = readDigits(2), hour < 24, skip(":"), let minute = readDigits(2), minute < 60 else { return nil }
      var count = Int64(hour * 60 + minute) * 60 * resolution.perSecond
      guard skip(":") else { return count }
      guard let second = readDigits(2), second < 60 else { return nil }
      count += Int64(second) * resolution.perSecond
      guard skip(".") else { return count }
      var unit = resolution.perSecond / 10
      let start = position
      while let digit = readDigits(1) {
        if unit == 0 && digit != 0 { return nil }
        count += Int64(digit) * unit
        unit /= 10
      }
      return position > start ? count : nil
    }
  }
}
