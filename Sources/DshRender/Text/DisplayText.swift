// Text made safe and fit for terminal cells: control characters escaped, cut with an ellipsis, padded.

import DshDiagnostics

/// What stands where something was cut.
private let ellipsis = "…"

/// The text with every character that would steer a terminal written as an escape: `\n`, `\t`, `\u{1b}`.
public func escapingControls(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: steersTerminal) else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if steersTerminal(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result
}

/// Whether a scalar is a control character or turns the direction of the text around it.
private func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
  default: false
  }
}

/// The text in at most so many terminal cells, with an ellipsis at the end if something was left out.
public func cut(_ text: String, to width: Int) -> String {
  if displayWidth(text) <= width { return text }
  if width <= 0 { return "" }
  var result = ""
  var used = 0
  for character in text {
    let next = displayWidth(character)
    if used + next > width - 1 { break }
    result.append(character)
    used += next
  }
  return result + ellipsis
}

/// The text filled up with blanks to a number of terminal cells.
public func padded(_ text: String, to width: Int, right: Bool = false) -> String {
  let blanks = String(repeating: " ", count: max(0, width - displayWidth(text)))
  return right ? blanks + text : text + blanks
}
