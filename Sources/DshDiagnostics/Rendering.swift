// Renders an error as text: code and message, place, source line, caret range, suggestion, notes.

extension Diagnostic {
  /// The most characters of a source line that are shown around the caret.
  static let shownLineLimit = 160

  /// The error as lines without a final newline.
  ///
  ///     error[unknown-column]: no column "amout"
  ///      --> script.dsh:3:8
  ///       3 | filter amout > 300
  ///         |        ^^^^^ did you mean "amount"?
  ///       columns: id, name
  public func rendered(in source: SourceText?) -> String {
    var lines = ["error[\(code)]: \(message)"]
    if let source, let span {
      lines += excerpt(of: span, in: source)
    } else if let suggestion {
      lines.append("  \(suggestion)")
    }
    lines += notes.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  private func excerpt(of span: SourceSpan, in source: SourceText) -> [String] {
    let length = source.text.utf8.count
    let start = min(max(0, span.start), length)
    let end = min(max(start, span.end), length)
    let index = source.lineIndex(of: start)
    let position = source.position(of: start)
    let line = source.lineText(index)
    let lineStart = source.lineStart(index)
    let before = String(decoding: line.utf8.prefix(start - lineStart), as: UTF8.self)
    let marked = String(decoding: line.utf8.dropFirst(start - lineStart).prefix(end - start), as: UTF8.self)
    var shown = printable(line)
    var indent = displayWidth(printable(before))
    if shown.count > Self.shownLineLimit {
      let cut = max(0, before.count - Self.shownLineLimit / 2)
      let window = String(shown.dropFirst(cut).prefix(Self.shownLineLimit))
      indent = displayWidth((cut > 0 ? "…" : "") + printable(String(before.dropFirst(cut))))
      shown = (cut > 0 ? "…" : "") + window + "…"
    }
    let caretCount = min(max(1, displayWidth(printable(marked))), max(1, displayWidth(shown) - indent))
    let number = String(position.line)
    let margin = String(repeating: " ", count: number.count)
    let carets = String(repeating: " ", count: indent) + String(repeating: "^", count: caretCount)
    return [
      " --> \(source.name):\(position.line):\(position.column)",
      "  \(number) | \(shown)",
      "  \(margin) | \(carets)\(suggestion.map { " " + $0 } ?? "")",
    ]
  }

  /// The text with control characters shown as a question mark, so that a terminal obeys none of them.
  private func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\t" ? " " : ($0.value < 32 || $0.value == 127) ? "?" : $0 }))
  }
}
