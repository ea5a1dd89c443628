// Reads numbers and sizes from text; what does not fit is said, never wrapped around.

/// A number as written in the language.
enum NumberReading: Equatable {
  case int64(Int64)
  case float64(Double)
  /// A whole number beyond 64 bits.
  case overflow
}

/// Reads `42`, `-3`, `1_000_000`, `0xff`, `3.5`, `1e6`, `.5`; nil if the text is no number.
func parseNumber(_ text: some StringProtocol) -> NumberReading? {
  parseNumber(Array(text.utf8)[...])
}

func parseNumber(_ bytes: ArraySlice<UInt8>) -> NumberReading? {
  var digits = bytes
  var isNegative = false
  if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
    isNegative = first == UInt8(ascii: "-")
    digits = digits.dropFirst()
  }
  if digits.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
    return parseInteger(digits.dropFirst(2), radix: 16, isNegative: isNegative)
  }
  guard let first = digits.first, let last = digits.last, first.isDigit || first == UInt8(ascii: ".") else { return nil }
  if last == UInt8(ascii: "_") { return nil }
  if digits.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: "_") }) {
    return parseInteger(digits, radix: 10, isNegative: isNegative)
  }
  guard digits.allSatisfy(\.isNumberByte), digits.contains(where: \.isDigit), last != UInt8(ascii: ".") else { return nil }
  let plain = String(decoding: digits.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
  guard let value = Double(plain) else { return nil }
  return .float64(isNegative ? -value : value)
}

private func parseInteger(_ digits: ArraySlice<UInt8>, radix: Int64, isNegative: Bool) -> NumberReading? {
  var value: Int64 = 0
  var seen = false
  for byte in digits where byte != UInt8(ascii: "_") {
    guard let digit = byte.hexDigit, Int64(digit) < radix else { return nil }
    seen = true
    let (scaled, scaleOverflow) = value.multipliedReportingOverflow(by: radix)
    let (sum, sumOverflow) = isNegative ? scaled.subtractingReportingOverflow(Int64(digit)) : scaled.addingReportingOverflow(Int64(digit))
    if scaleOverflow || sumOverflow { return .overflow }
    value = sum
  }
  return seen ? .int64(value) : nil
}

/// Reads a number of bytes: `4096`, `64K`, `16M`, `2G`, `1T`, also `64KiB` and `64KB` (all powers of 1024); nil if the
/// text is none, is negative, or is beyond 64 bits.
public func parseSize(_ text: String) -> Int64? {
  let bytes = Array(text.utf8)
  let split = bytes.firstIndex { !($0.isDigit || $0 == UInt8(ascii: "_")) } ?? bytes.count
  guard split > 0, case .int64(let count)? = parseNumber(bytes[..<split]) else { return nil }
  let shift: Int64
  switch String(decoding: bytes[split...], as: UTF8.self).lowercased() {
  case "", "b": shift = 0
  case "k", "kb", "kib": shift = 10
  case "m", "mb", "mib": shift = 20
  case "g", "gb", "gib": shift = 30
  case "t", "tb", "tib": shift = 40
  default: return nil
  }
  let (size, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
  return overflow ? nil : size
}
