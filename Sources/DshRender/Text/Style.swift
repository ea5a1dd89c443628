// The few colours and weights that dsh uses on a terminal.

/// A way to set text off; the raw value is the parameter of the terminal's SGR sequence.
public enum Style: String, Sendable {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"
  case blue = "34"
  case magenta = "35"
  case cyan = "36"

  /// The text in this style.
  public func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }

  /// The text in this style if colour is wanted.
  public func applied(to text: String, if usesColor: Bool) -> String { usesColor ? applied(to: text) : text }
}
