// Names that need backticks and stand there without: with blanks, dots, dashes, or a digit at the start.
import DshDiagnostics

extension Parser {
  /// What to say where two names stand side by side, or names around a dot or a dash where neither can be: they may be one name.
  func adviceOnOddName() -> Diagnostic.Suggestion? {
    guard previousKind == .name, !isOnNewLine else { return nil }
    var start = previousEnd
    while start > 0, bytes[start - 1].continuesName { start -= 1 }
    let first = text(start..<previousEnd)
    if first == "desc" || first == "asc" { return "\(first) stands behind its key" }
    guard !first.isEmpty, !Keywords.inExpressions.contains(first), VerbRegistry.verb(named: first) == nil else { return nil }
    guard let end = endOfOddName(from: previousEnd) else { return nil }
    return "if it is one name it stands in backticks: \(printedName(text(start..<end)))"
  }

  /// What to say of a number where a column has to be: it may be the beginning of a name.
  func adviceOnNumberAsName() -> Diagnostic.Suggestion? {
    guard token.kind == .number || token.kind == .bareDate else { return nil }
    var ahead = self
    ahead.advance()
    let end = ahead.endOfOddName(from: token.end) ?? token.end
    return "a name like this stands in backticks: \(printedName(text(token.start..<end)))"
  }

  /// The name that is given to something, if more than a word stands before the `=`; it is reported, and consumed.
  mutating func parseOddNewName() -> Name? {
    guard token.kind == .name || token.kind == .number, !Keywords.inExpressions.contains(text(of: token)) else { return nil }
    var ahead = self
    ahead.advance()
    guard let end = ahead.endOfOddName(from: token.end) else { return nil }
    while ahead.token.start < end { ahead.advance() }
    guard ahead.token.kind == .assign, !ahead.isOnNewLine else { return nil }
    let name = Name(text(token.start..<end), span: SourceSpan(start: token.start, end: end))
    report(
      .oddName, "a name of several parts stands in backticks", name.span, suggestion: "write \(printedName(name.text)) = …")
    while token.start < end { advance() }
    return name
  }

  /// The end of a name that goes on with the current token, behind a blank, a dot or a dash; nil if none does.
  ///
  /// - Parameter start: where the part before it ends.
  private func endOfOddName(from start: Int) -> Int? {
    var ahead = self
    var end = start
    while true {
      var joint = ahead
      // Signs belong to a name only without blanks around them.
      if joint.token.start == end, Self.joints.contains(joint.token.kind) {
        joint.advance()
        guard joint.token.start == joint.previousEnd else { break }
      }
      guard joint.token.kind == .name || joint.token.kind == .number, !joint.isOnNewLine else { break }
      let word = joint.text(of: joint.token)
      if Keywords.inExpressions.contains(word) || Self.clauseWords.contains(word) || VerbRegistry.verb(named: word) != nil { break }
      end = joint.token.end
      ahead = joint
      ahead.advance()
    }
    return end > start ? end : nil
  }

  private static let joints: Set<TokenKind> = [.dot, .minus, .slash, .plus, .percent]

  /// Words that stand behind operands.
  private static let clauseWords: Set<String> = ["by", "as", "to", "desc", "asc", "per", "on", "except", "exclude", "over", "where"]
}
