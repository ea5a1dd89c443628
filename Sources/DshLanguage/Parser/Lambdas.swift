// Reads the arguments of calls, which may be lambdas: `x -> body`, `(a, x) -> body`.
import DshDiagnostics

extension Parser {
  /// Parameters, an arrow and a body.
  mutating func parseLambda() throws(Unreadable) -> Measured {
    let start = token.start
    var parameters: [Name] = []
    let isEnclosed = token.kind == .openParenthesis
    if isEnclosed { open() }
    while true {
      guard let name = nameOfToken() else {
        report(
          .expectedExpression, "a parameter can't be called \(text(of: token))", token.span,
          suggestion: "a name that is a word of the language stands in backticks")
        throw Unreadable()
      }
      mark(name.span, .parameter)
      parameters.append(name)
      advance()
      guard token.kind == .comma else { break }
      mark(token.span, .punctuation)
      advance()
    }
    if isEnclosed { try close(.closeParenthesis) }
    mark(token.span, .operation)
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    let body = try parseOperation(from: 0)
    return Measured(
      .lambda(parameters, body.syntax), SourceSpan(start: start, end: body.syntax.span.end), depth: body.depth + 1)
  }

  /// Whether the names of parameters and an arrow come next.
  var isAtLambda: Bool {
    switch token.kind {
    case .name, .quotedName: return peek().kind == .arrow
    case .openParenthesis:
      var ahead = lexer
      while true {
        guard [.name, .quotedName].contains(ahead.next().kind) else { return false }
        switch ahead.next().kind {
        case .comma: continue
        case .closeParenthesis: return ahead.next().kind == .arrow
        default: return false
        }
      }
    default: return false
    }
  }
}
