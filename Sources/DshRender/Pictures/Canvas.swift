// A picture in the making: shapes and texts of SVG 1.1.

import DshColumns
import DshDiagnostics

/// What is drawn so far. Text and lines have the colour of their surroundings, so that a picture fits a light and a dark page.
struct Canvas {
  let title: String
  let width: Double
  let height: Double
  private var body = ""

  /// The colours of series: each is told from white and from nearly black, at 3 to 1 (WCAG 2.1, "Non-text Contrast").
  static let colors = ["#3b82c4", "#c76f17", "#3a9b5c", "#b35db3", "#c9564a", "#2a9d9d", "#8a7a2e", "#7a7f87"]
  static let fontSize = 12.0
  /// The usual width of a character, for room that is made for texts.
  static let characterWidth = 7.0

  init(title: String, width: Double, height: Double) {
    self.title = title
    self.width = width
    self.height = height
  }

  enum Anchor: String {
    case start, middle, end
  }

  /// A number of a picture: two places behind the point are enough.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : CellText.string(.float64(rounded)) ?? "0"
  }

  mutating func text(_ text: String, x: Double, y: Double, _ anchor: Anchor = .start, isDim: Bool = false) {
    let opacity = isDim ? " fill-opacity=\"0.65\"" : ""
    body += "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor.rawValue)\"\(opacity)>\(markup(text))</text>"
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, opacity: Double = 0.5) {
    body += "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\""
    body += " stroke=\"currentColor\" stroke-opacity=\"\(Self.number(opacity))\"/>"
  }

  /// - Parameter color: nil for a frame.
  mutating func rectangle(x: Double, y: Double, width: Double, height: Double, color: String?, opacity: Double = 1, title: String? = nil) {
    body +=
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(0, width)))\" height=\"\(Self.number(max(0, height)))\""
    body +=
      color.map { " fill=\"\($0)\" fill-opacity=\"\(Self.number(opacity))\"" }
      ?? " fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.5\" rx=\"4\""
    body += title.map { "><title>\(markup($0))</title></rect>" } ?? "/>"
  }

  mutating func circle(x: Double, y: Double, radius: Double, color: String) {
    body +=
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" fill=\"\(color)\" fill-opacity=\"0.7\"/>"
  }

  mutating func path(_ points: [(x: Double, y: Double)], color: String) {
    let places = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
    body += "<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\"/>"
  }

  /// Narrower than this, its texts could not be read any more.
  private static let leastWidth = 560.0

  /// The whole picture: as wide as there is room, in a box that moves where there is too little.
  var svg: String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" width=\"\(Self.number(width))\" role=\"img\" "
      + "style=\"max-width:100%;min-width:\(Self.number(min(width, Self.leastWidth)))px;height:auto;color:inherit\" font-family=\"sans-serif\" font-size=\"\(Self.number(Self.fontSize))\" fill=\"currentColor\">"
      + "<title>\(markup(title))</title>\(body)</svg>"
  }
}
