// Timestamps, times of day and lengths of time of any unit as text.

/// How time is written: `2024-01-31 10:00:00.123`, `10:00:00.5`, `-26:03:04`.
public enum TimeText {
  /// Writes a timestamp with the digits of its unit where they are not all zero, and a `Z` if it is in UTC, at an address with room for
  /// `CellText.numberLimitBytes`; how many bytes it took.
  static func write(instant: Int64, _ unit: TimeResolution, isUniversal: Bool, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let perDay = unit.perSecond * 86_400
    var (days, rest) = instant.quotientAndRemainder(dividingBy: perDay)
    if rest < 0 { (days, rest) = (days - 1, rest + perDay) }
    // Years of seconds in 64 bits have up to twelve digits; those beyond seven are written as they come.
    var length = unsafe Calendar.write(date: Int(days), to: target)
    unsafe target[length] = UInt8(ascii: " ")
    length += 1
    unsafe length += write(magnitude: rest.magnitude, unit, to: target + length)
    if isUniversal {
      unsafe target[length] = UInt8(ascii: "Z")
      length += 1
    }
    return length
  }

  /// Writes hours, minutes and seconds, with the digits of the unit where they are not all zero.
  static func write(length: Int64, _ unit: TimeResolution, to target: UnsafeMutablePointer<UInt8>) -> Int {
    guard length < 0 else { return unsafe write(magnitude: length.magnitude, unit, to: target) }
    unsafe target[0] = UInt8(ascii: "-")
    return unsafe write(magnitude: length.magnitude, unit, to: target + 1) + 1
  }

  private static func write(magnitude: UInt64, _ unit: TimeResolution, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let (seconds, fraction) = magnitude.quotientAndRemainder(dividingBy: UInt64(unit.perSecond))
    let hours = seconds / 3600
    var length = unsafe CellText.writeDigits(hours, minimum: 2, to: target)
    for part in [seconds / 60 % 60, seconds % 60] {
      unsafe target[length] = UInt8(ascii: ":")
      unsafe length += 1 + CellText.writeDigits(part, minimum: 2, to: target + length + 1)
    }
    guard fraction != 0 else { return length }
    unsafe target[length] = UInt8(ascii: ".")
    return unsafe length + 1 + CellText.writeDigits(fraction, minimum: unit.digits, to: target + length + 1)
  }

  /// Reads `10:00`, `10:00:00` or `10:00:00.25` as a time of day; nil for anything else, a finer fraction than the unit included.
  public static func parseTime(_ text: UnsafeRawBufferPointer, _ unit: TimeResolution) -> Int64? {
    guard let length = unsafe parse(text, unit, hoursLimit: 24) else { return nil }
    return length
  }

  /// Reads `26:03:04.5` or `-00:00:01` as a length of time; nil for anything else.
  public static func parseDuration(_ text: UnsafeRawBufferPointer, _ unit: TimeResolution) -> Int64? {
    if unsafe text.first == UInt8(ascii: "-") {
      return unsafe parse(UnsafeRawBufferPointer(rebasing: text.dropFirst()), unit, hoursLimit: .max).map { -$0 }
    }
    return unsafe parse(text, unit, hoursLimit: .max)
  }

  private static func parse(_ text: UnsafeRawBufferPointer, _ unit: TimeResolution, hoursLimit: Int64) -> Int64? {
    var parts: [Int64] = []
    var position = 0
    func digits() -> (number: Int64, count: Int)? {
      var number: Int64 = 0
      let start = position
      while position < text.count, unsafe text[position] &- UInt8(ascii: "0") < 10, position - start < 18 {
        unsafe number = number * 10 + Int64(text[position] &- UInt8(ascii: "0"))
        position += 1
      }
      return position > start ? (number, position - start) : nil
    }
    while parts.count < 3 {
      guard let (number, count) = digits(), parts.isEmpty || (count == 2 && number < 60) else { return nil }
      parts.append(number)
      guard position < text.count, unsafe text[position] == UInt8(ascii: ":") else { break }
      position += 1
    }
    guard parts.count >= 2, parts[0] < hoursLimit else { return nil }
    var fraction: Int64 = 0
    if parts.count == 3, position < text.count, unsafe text[position] == UInt8(ascii: ".") {
      position += 1
      guard let (number, count) = digits() else { return nil }
      fraction = number
      // More digits than the unit has must be zeros, fewer are filled up.
      for _ in 0..<max(0, count - unit.digits) {
        if fraction % 10 != 0 { return nil }
        fraction /= 10
      }
      for _ in 0..<max(0, unit.digits - count) { fraction *= 10 }
    }
    guard position == text.count else { return nil }
    let seconds = parts[1] * 60 + (parts.count == 3 ? parts[2] : 0)
    let (hours, overflow) = parts[0].multipliedReportingOverflow(by: 3600)
    let (total, carry) = hours.addingReportingOverflow(seconds)
    let (scaled, overflowed) = total.multipliedReportingOverflow(by: unit.perSecond)
    let (result, carried) = scaled.addingReportingOverflow(fraction)
    return overflow || carry || overflowed || carried ? nil : result
  }
}
