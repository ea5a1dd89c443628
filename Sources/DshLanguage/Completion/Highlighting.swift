// Token classes for live colours; the parser gives them as it reads, so they follow the grammar exactly.
import DshDiagnostics

/// A text being typed: what it says as far as it goes, what is wrong with it, and the classes of its pieces.
public struct TextAnalysis: Sendable {
  public var script: Script
  public var diagnostics: [Diagnostic]
  /// In order and without overlap; blanks have none.
  public var spans: [HighlightedSpan]
}

/// The classes of a text's pieces, in order and without overlap; blanks have none.
public func highlight(_ text: String) -> [HighlightedSpan] { analyze(text).spans }

/// Reads a text once for all that an editor wants to know while it is typed.
public func analyze(_ text: String) -> TextAnalysis {
  let bytes = Array(text.utf8)
  guard bytes.count <= Limits.textBytes else { return TextAnalysis(script: Script(statements: []), diagnostics: [], spans: []) }
  var parser = Parser(bytes)
  let script = parser.parseScript()
  var result: [HighlightedSpan] = []
  var end = 0
  for mark in parser.marks.sorted(by: { ($0.span.start, -$0.span.end) < ($1.span.start, -$1.span.end) })
  where mark.span.start >= end && mark.span.end > mark.span.start {
    appendComments(in: end..<mark.span.start, of: bytes, to: &result)
    result.append(mark)
    end = mark.span.end
  }
  appendComments(in: end..<bytes.count, of: bytes, to: &result)
  return TextAnalysis(script: script, diagnostics: parser.diagnostics, spans: result)
}

/// Adds the comments of a stretch between marks, where a `#` can be nothing else.
private func appendComments(in range: Range<Int>, of bytes: [UInt8], to result: inout [HighlightedSpan]) {
  var cursor = range.lowerBound
  while let start = bytes[cursor..<range.upperBound].firstIndex(of: UInt8(ascii: "#")) {
    let end = bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? range.upperBound
    result.append(HighlightedSpan(span: SourceSpan(start: start, end: end), kind: .comment))
    cursor = end
  }
}
