// Sizes as messages, receipts and listings show them.

/// A size as a person reads it: `204 B`, `61.4 KiB`, `118 KiB`, `2.0 GiB`; powers of 1024, one decimal below a hundred.
public func bytesText(_ bytes: Int) -> String {
  let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  if bytes < 1024 { return "\(bytes) B" }
  var value = Double(bytes) / 1024
  var unit = 0
  // 1023.5 would be rounded to 1024, so the next unit begins a little earlier.
  while value >= 1023.5, unit + 1 < units.count {
    value /= 1024
    unit += 1
  }
  if value >= 99.95 { return "\(Int(value.rounded())) \(units[unit])" }
  let tenths = Int((value * 10).rounded())
  return "\(tenths / 10).\(tenths % 10) \(units[unit])"
}
