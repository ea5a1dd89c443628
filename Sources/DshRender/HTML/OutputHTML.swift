// What a statement gives back as HTML, for notebooks and pages: tables and prose, in classes that a page can style.

import DshColumns
import DshDiagnostics

/// Everything a statement can give back, as a self-contained fragment of HTML; nil for drawings.
public struct OutputHTML {
  private let settings: RenderSettings
  private let withTimes: Bool

  public init(settings: RenderSettings, withTimes: Bool = false) {
    self.settings = settings
    self.withTimes = withTimes
  }

  /// The fragment is well-formed XML too.
  public func fragment(_ output: Output) -> String? {
    switch output {
    case .presented(let inner, let presentation):
      // What was asked for as the text of a format stays that.
      if let format = presentation.format, format != .table { return nil }
      return fragment(inner)
    case .rows(let rows): return HTMLTable(rows, settings: settings).text
    case .schema(let schema, let origins):
      return HTMLTable(Listing(schema: schema, origins: origins, isShort: true), settings: settings).text
    case .listing(let listing): return HTMLTable(listing, settings: settings).text
    case .scalar(_, let value): return "<code class=\"dsh-value\">\(markup(CellText.string(value) ?? "null"))</code>"
    case .dataset(let number, let name, let sentence):
      let names = name.map { "\($0) (_\(number))" } ?? "_\(number)"
      return "<div class=\"dsh-dataset\"><b>\(markup(names))</b> = \(markup(sentence))</div>"
    case .lines(let lines): return "<pre class=\"dsh-text\">\(lines.map(markup).joined(separator: "\n"))</pre>"
    case .receipt(let receipt):
      let lines = receipt.textLines(withTime: withTimes).map(markup).joined(separator: "<br/>")
      return "<div class=\"dsh-receipt\"><small>\(lines)</small></div>"
    case .notice(let text): return "<div class=\"dsh-notice\">\(markup(text))</div>"
    case .text, .diagram, .blockMap, .bars, .plot: return nil
    }
  }
}
