// Reads structures: `{a: x, b: y}`.
import DshDiagnostics

extension Parser {
  /// Whether a token behind a brace may be the name of a field.
  func startsField(_ token: Token) -> Bool { token.kind == .name || token.kind == .quotedName }

  /// Fields between braces.
  mutating func parseStructure() throws(Unreadable) -> Measured {
    let start = token.start
    open()
    var fields: [FieldSyntax] = []
    var depth = 0
    while true {
      guard let name = nameOfToken() else {
        if !reportLexicalMistake() {
          report(
            .expectedExpression, "expected the name of a field, not \(description(of: token))", place, suggestion: "write {a: x, b: y}")
        }
        throw Unreadable()
      }
      mark(name.span, .column)
      advance()
      guard token.kind == .colon else {
        if !reportLexicalMistake() {
          report(
            .expectedExpression, "expected a colon behind the name of a field, not \(description(of: token))", place,
            suggestion: "write {a: x, b: y}; a list is [a, b]")
        }
        throw Unreadable()
      }
      mark(token.span, .punctuation)
      advance()
      let value = try parseOperation(from: 0)
      fields.append(FieldSyntax(name, value.syntax))
      depth = max(depth, value.depth)
      guard token.kind == .comma else { break }
      mark(token.span, .punctuation)
      advance()
    }
    try close(.closeBrace)
    return Measured(.structure(fields), SourceSpan(start: start, end: previousEnd), depth: depth + 1)
  }
}
