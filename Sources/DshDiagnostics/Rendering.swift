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
  ///
  /// - Parameter width: the cells a line of the excerpt may take; nil for any number. Beyond it the line is shown around the mark alone.
  public func rendered(in source: SourceText?, width: Int? = nil) -> String {
    let told = bounded
    var lines = ["error[\(code.name)]: \(told.message)"]
    if let source = self.source ?? source, let span {
      lines += excerpt(of: span, in: source, width: width)
    } else if let suggestion = told.suggestion {
      lines.append("  \(suggestion.text)")
    }
    lines += told.notes.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  private func excerpt(of span: SourceSpan, in source: SourceText, width: Int?) -> [String] {
    let length = source.text.utf8.count
    let start = min(max(0, span.start), length)
    let end = min(max(start, span.end), length)
    let index = source.lineIndex(of: start)
    let position = source.position(of: start)
    let line = source.lineText(index)
    let lineStart = source.lineStart(index)
    let before = String(decoding: line.utf8.prefix(start - lineStart), as: UTF8.self)
    let marked = String(decoding: line.utf8.dropFirst(start - lineStart).prefix(end - start), as: UTF8.self)
    let number = String(position.line)
    let margin = String(repeating: " ", count: number.count)
    let room = width.map { max(Self.narrowestExcerpt, $0 - number.count - 5) }
    let (shown, indent) = window(line, before, room)
    let caretCount = min(max(1, displayWidth(printable(marked))), max(1, displayWidth(shown) - indent))
    let carets = String(repeating: " ", count: indent) + String(repeating: "^", count: caretCount)
    let advice = suggestion.map { " " + $0.text } ?? ""
    let isRoomy = room.map { indent + caretCount + displayWidth(advice) <= $0 } ?? true
    return [
      " --> \(source.name):\(position.line):\(position.column)",
      "  \(number) | \(shown)",
      "  \(margin) | \(carets)\(isRoomy ? advice : "")",
    ] + (isRoomy ? [] : [" " + advice])
  }

  /// Less of a line than this says nothing.
  private static let narrowestExcerpt = 16

  /// The part of the line that is shown, and the cells before the mark in it.
  private func window(_ line: String, _ before: String, _ room: Int?) -> (shown: String, indent: Int) {
    let shown = printable(line)
    let indent = displayWidth(printable(before))
    let fits = room.map { displayWidth(shown) <= $0 } ?? true
    if shown.count <= Self.shownLineLimit, fits { return (shown, indent) }
    // Two cells are for the ellipses.
    let limit = min(Self.shownLineLimit, (room ?? .max) - 2)
    var cut = ""[...]
    var rest = shown[...]
    while !rest.isEmpty, indent - displayWidth(String(cut)) > limit / 2 {
      rest = rest.dropFirst()
      cut = shown[..<rest.startIndex]
    }
    var window = ""
    var used = 0
    for character in rest {
      let cells = displayWidth(character)
      if used + cells > limit || window.count >= Self.shownLineLimit { break }
      window.append(character)
      used += cells
    }
    let start = cut.isEmpty ? "" : "…"
    let end = window.count < rest.count ? "…" : ""
    return (start + window + end, indent - displayWidth(String(cut)) + displayWidth(start))
  }

  /// The text with control characters shown as a question mark, so that a terminal obeys none of them.
  private func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\t" ? " " : ($0.value < 32 || $0.value == 127) ? "?" : $0 }))
  }
}
