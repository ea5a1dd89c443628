// What may come next at a place in a text: it is read up to there.
import DshDiagnostics

/// What may come next at a byte offset of a text.
public func completionPosition(in text: String, at offset: Int) -> CompletionPosition {
  let bytes = Array(text.utf8.prefix(max(0, offset)))
  let end = SourceSpan(start: bytes.count, end: bytes.count)
  var parser = Parser(bytes)
  let script = parser.parseScript()
  let statements = Array(script.statements.dropLast(parser.isInsideStatement ? 1 : 0))
  guard let expectation = parser.expectation, !parser.lexer.endsInComment else {
    return CompletionPosition(
      kind: .nothing, partial: "", range: end, pipeline: nil, bindings: [], comparedColumn: nil, statements: statements)
  }
  return CompletionPosition(
    kind: expectation.kind, partial: String(decoding: bytes[expectation.start...], as: UTF8.self),
    range: SourceSpan(start: expectation.start, end: bytes.count), pipeline: expectation.pipeline, bindings: expectation.bindings,
    comparedColumn: expectation.comparedColumn, statements: statements)
}
