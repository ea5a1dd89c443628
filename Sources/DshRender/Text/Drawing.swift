// The characters that frames, bars and arrows are made of, for terminals with Unicode and without.

/// A set of drawing characters, each one cell wide.
public struct Drawing: Sendable, Hashable {
  var vertical: StaticText
  var horizontal: StaticText
  var top: [StaticText]
  var middle: [StaticText]
  var bottom: [StaticText]
  /// Marks what was cut, and rows that were left out.
  var ellipsis: StaticText
  var gap: StaticText
  /// A bar's last cell, from empty to full.
  var bar: [StaticText]
  var arrow: StaticText

  public static let unicode = Drawing(
    vertical: "│", horizontal: "─", top: ["┌", "┬", "┐"], middle: ["├", "┼", "┤"], bottom: ["└", "┴", "┘"], ellipsis: "…", gap: "⋮",
    bar: ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], arrow: "▶")

  public static let ascii = Drawing(
    vertical: "|", horizontal: "-", top: ["+", "+", "+"], middle: ["+", "+", "+"], bottom: ["+", "+", "+"], ellipsis: "~", gap: ":",
    bar: ["", "#"], arrow: ">")

  /// A bar for a share between 0 and 1; anything above 0 shows.
  public func bar(_ share: Double, cells: Int) -> String {
    let steps = bar.count - 1
    guard share > 0, cells > 0 else { return "" }
    let filled = min(cells * steps, max(1, Int((share * Double(cells * steps)).rounded())))
    return String(repeating: bar[steps].text, count: filled / steps) + bar[filled % steps].text
  }
}

/// A text that is part of the program.
struct StaticText: Sendable, Hashable, ExpressibleByStringLiteral {
  let text: String

  init(stringLiteral text: String) { self.text = text }
}
