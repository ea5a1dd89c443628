// Text as it stands in HTML, SVG and XML.

import DshDiagnostics

/// Text for pages that are made of fragments.
public enum HTMLText {
  /// Text in which nothing means markup; lines stay lines.
  public static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { markup(String($0)) }.joined(separator: "\n")
  }
}

/// Text in which nothing means markup; control characters are escaped as in every output.
func markup(_ text: String) -> String {
  let safe = escapingControls(text)
  // U+FFFE and U+FFFF, whose first byte is 0xEF, are characters that XML does not have (XML 1.0, "Characters").
  guard safe.utf8.contains(where: { "&<>\"".utf8.contains($0) || $0 == 0xEF }) else { return safe }
  var result = ""
  for character in safe.unicodeScalars {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    default: result.unicodeScalars.append(character)
    }
  }
  return result
}

/// A text that fits: with an ellipsis where it is longer than so many characters.
func shortened(_ text: String, to limit: Int) -> String { text.count > limit ? text.prefix(limit - 1) + "…" : text }
