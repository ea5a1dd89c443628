// Shortens the fractions that tables show; what is computed and what data formats hold stays exact.

/// How many significant digits of a number with a fraction are shown.
///
/// The whole part always stands complete, with one decimal at least: digits are left out, never made up.
struct FloatDigits: Hashable {
  /// What fits into a column and tells most values apart.
  static let automatic = 6

  var significant = automatic

  /// The text of a number as `CellText` gives it, rounded; nil if it is short enough.
  func shortened(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
    let exponent = text.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.endIndex
    guard let point = text[..<exponent].firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let whole = text[..<point].filter(Self.isDigit)
    let fraction = text[text.index(after: point)..<exponent]
    let leadingZeros = whole.allSatisfy { $0 == UInt8(ascii: "0") } ? fraction.prefix { $0 == UInt8(ascii: "0") }.count : 0
    let wholeDigits = whole.first == UInt8(ascii: "0") ? 0 : whole.count
    let decimals = max(1, leadingZeros + significant - wholeDigits)
    guard fraction.count > decimals else { return nil }
    var digits = whole + fraction.prefix(decimals)
    if fraction[fraction.index(fraction.startIndex, offsetBy: decimals)] >= UInt8(ascii: "5") { Self.addOne(to: &digits) }
    let pointPlace = digits.count - decimals
    while digits.count > pointPlace + 1, digits[digits.count - 1] == UInt8(ascii: "0") { digits.removeLast() }
    digits.insert(UInt8(ascii: "."), at: pointPlace)
    return (text.first == UInt8(ascii: "-") ? [UInt8(ascii: "-")] : []) + digits + text[exponent...]
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func addOne(to digits: inout [UInt8]) {
    for index in digits.indices.reversed() {
      if digits[index] < UInt8(ascii: "9") {
        digits[index] += 1
        return
      }
      digits[index] = UInt8(ascii: "0")
    }
    digits.insert(UInt8(ascii: "1"), at: 0)
  }
}
