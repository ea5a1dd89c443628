// Numbers as receipts and listings show them.

/// A whole number with commas between thousands.
public func groupedText(_ number: Int) -> String {
  var digits = Array(String(number.magnitude))
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

/// `1 row`, `2 rows`, `1,234 rows`.
public func counted(_ number: Int, _ noun: String) -> String { "\(groupedText(number)) \(noun)\(number == 1 ? "" : "s")" }

/// The part of a path behind its last slash.
public func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
