// Numbers and truth values read from text.

/// Strict readers of whole texts; white space around them is allowed.
enum NumberText {
  static func parseInteger(_ source: TextSlice) -> Int64? {
    let text = source.trimmedSpaces
    var position = 0
    var isNegative = false
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    guard position < text.count else { return nil }
    // Counted downwards, since the least integer has no positive counterpart.
    var number: Int64 = 0
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      let (difference, borrow) = product.subtractingReportingOverflow(Int64(digit))
      if overflow || borrow { return nil }
      number = difference
      position += 1
    }
    return isNegative ? number : number == .min ? nil : -number
  }

  /// The powers of ten that a double holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// A decimal number, `inf`, `infinity` or `nan`; correctly rounded.
  ///
  /// A mantissa below 2^53 and a power of ten up to 22 are exact as doubles, so one division or multiplication rounds once
  /// (Clinger 1990); all else goes to the standard library.
  static func parseFloat(_ source: TextSlice) -> Double? {
    let text = source.trimmedSpaces
    var position = 0
    var isNegative = false
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var decimals = 0
    var hasPoint = false
    while position < text.count {
      let byte = text[position]
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        digits += 1
        if hasPoint { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    if position == text.count, digits > 0, digits <= 19, mantissa < 1 << 53, decimals < powers.count {
      let value = Double(mantissa) / powers[decimals]
      return isNegative ? -value : value
    }
    return parseSlowly(text)
  }

  @inline(never) private static func parseSlowly(_ text: TextSlice) -> Double? {
    let string = String(decoding: text, as: UTF8.self)
    switch string.lowercased() {
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    case "nan", "+nan", "-nan": return .nan
    default: break
    }
    // Only decimal digits: the standard library would read hexadecimal numbers and payloads of NaN too.
    guard text.contains(where: { $0 &- UInt8(ascii: "0") < 10 }), text.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else {
      return nil
    }
    return Double(string)
  }

  static func parseBool(_ source: TextSlice) -> Bool? {
    switch String(decoding: source.trimmedSpaces.prefix(6), as: UTF8.self).lowercased() {
    case "true", "t", "yes", "y", "1": true
    case "false", "f", "no", "n", "0": false
    default: nil
    }
  }
}

extension TextSlice {
  /// The text without ASCII white space at its ends.
  var trimmedSpaces: TextSlice {
    var start = 0
    var end = count
    while start < end, self[start] == 0x20 || (self[start] >= 0x09 && self[start] <= 0x0D) { start += 1 }
    while end > start, self[end - 1] == 0x20 || (self[end - 1] >= 0x09 && self[end - 1] <= 0x0D) { end -= 1 }
    return part(start..<end)
  }
}
