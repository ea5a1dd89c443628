// Operands in parentheses, as other languages call their functions: `select(a, b)`, `map(a = 1)`, `count()`.
import DshDiagnostics

extension Parser {
  /// Reports parentheses around all operands of the stage, and passes over them; false if they may be part of an expression.
  mutating func reportEnclosedOperands(of verb: Verb) -> Bool {
    guard token.kind == .openParenthesis, token.start == previousEnd, let inside = enclosedOperands(of: verb) else { return false }
    let operands = text(inside).split(separator: "\n").joined(separator: " ")
    if verb.signature == .expression, !operands.isEmpty {
      report(
        .unexpectedText, "\(verb.name) takes one expression", token.span,
        suggestion: verb.advice.onList.map { .words($0(operands)) } ?? "usage: \(verb.usage)")
      resume(at: inside.upperBound + 1)
      return true
    }
    report(
      .enclosedOperands, "operands of \(verb.name) stand in no parentheses", token.span,
      suggestion: "write \(verb.name)\(operands.isEmpty ? "" : " " + operands)")
    resume(at: inside.upperBound + 1)
    return true
  }

  /// What stands between the parentheses, if they enclose all operands and could not be those of an expression or a pipeline.
  private func enclosedOperands(of verb: Verb) -> Range<Int>? {
    var ahead = self
    ahead.lexer.skipsNewlines = true
    let start = token.end
    var depth = 0
    var tokenCount = 0
    var isList = verb.signature.takesNames
    repeat {
      tokenCount += 1
      if ahead.token.kind == .endOfText || tokenCount > Limits.recoveryTokens { return nil }
      if ahead.token.kind.isOpening { depth += 1 }
      if ahead.token.kind.isClosing { depth -= 1 }
      if depth == 1 {
        switch ahead.token.kind {
        case .comma, .assign: isList = true
        // A pipeline has parentheses of its own.
        case .pipe: return nil
        case .name where ahead.isWord("desc") || ahead.isWord("asc"): isList = isList || verb.signature == .sortKeys
        default: break
        }
      }
      if depth == 0 { break }
      ahead.advance()
    } while depth > 0
    let end = ahead.token.start
    ahead.lexer.skipsNewlines = lexer.skipsNewlines
    ahead.advance()
    guard ahead.token.kind.endsStage || ahead.token.kind.isClosing, isList || end == start else { return nil }
    return start..<end
  }
}

extension Signature {
  /// Whether the operands are names, which no parentheses can stand around.
  fileprivate var takesNames: Bool {
    switch self {
    case .columns, .renames: true
    default: false
    }
  }
}
