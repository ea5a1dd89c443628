// Numbers as a person reads them: bytes in binary units, counts with separators, words in singular and plural.

/// Bytes in binary units: `204 B`, `59.0 KiB`, `118 KiB`, `2.0 GiB`; one decimal below a hundred.
public func bytesText(_ byteCount: Int) -> String {
  if byteCount > -1024, byteCount < 1024 { return "\(byteCount) B" }
  let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  let magnitude = byteCount.magnitude
  for (index, unit) in units.enumerated() {
    let shift = UInt((index + 1) * 10)
    let whole = magnitude >> shift
    let rest = magnitude & ((1 << shift) - 1)
    // Tenths, rounded half up; the rest is below 2^60, so ten times it fits.
    let tenths = whole &* 10 &+ (rest &* 10 &+ (1 << (shift - 1))) >> shift
    if tenths < 1000 { return "\(byteCount < 0 ? "-" : "")\(tenths / 10).\(tenths % 10) \(unit)" }
    let rounded = whole &+ (rest >> (shift - 1))
    if rounded < 1024 || index == units.count - 1 { return "\(byteCount < 0 ? "-" : "")\(rounded) \(unit)" }
  }
  return "\(byteCount) B"
}

/// A whole number with thousands separators: `1,650`.
public func countText(_ number: Int) -> String {
  let digits = Array(String(number.magnitude).utf8)
  if digits.count <= 3 { return String(number) }
  var grouped: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { grouped.append(UInt8(ascii: ",")) }
    grouped.append(digit)
  }
  return String(decoding: grouped, as: UTF8.self)
}

/// A count with its word: `1 row`, `1,650 rows`.
public func countText(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(countText(number)) \(number == 1 ? singular : plural ?? singular + "s")"
}

/// A span of time as short as its size allows: `870 µs`, `4.2 ms`, `318 ms`, `2.40 s`, `3 min 20 s`.
public func secondsText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "\(seconds) s" }
  let microseconds = Int((seconds * 1e6).rounded())
  switch microseconds {
  case ..<1000: return "\(microseconds) µs"
  case ..<99_950: return "\((microseconds + 50) / 1000).\((microseconds + 50) % 1000 / 100) ms"
  case ..<999_500: return "\((microseconds + 500) / 1000) ms"
  case ..<59_995_000:
    let hundredths = (microseconds + 5000) / 10_000
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
  default:
    let whole = (microseconds + 500_000) / 1_000_000
    return "\(countText(whole / 60)) min \(whole % 60) s"
  }
}
