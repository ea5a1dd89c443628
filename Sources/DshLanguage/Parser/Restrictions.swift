// Reads the condition of an aggregate and columns by a pattern inside a call.
import DshDiagnostics

extension Parser {
  /// The verbs whose items are aggregates, and may have conditions.
  private static let aggregatingVerbs: [Verb.ID] = [.agg, .pivot, .bar, .plot]

  /// `where CONDITION` behind a call in an item of such a verb, or in a definition that may stand there.
  mutating func parseRestriction(of operand: Measured) throws(Unreadable) -> Measured {
    guard case .call = operand.syntax.kind, !enclosedSpans.contains(operand.syntax.span) else { return operand }
    let isItem = Self.aggregatingVerbs.contains { expressionKind == .expression(.stage($0)) }
    guard isItem || expressionKind == .expression(.definition) else { return operand }
    expect(.keyword(brackets.isEmpty && isItem ? ["where", "by"] : ["where"]))
    if goesOn(with: ["where"]) { skipNewlines() }
    guard isWord("where") else { return operand }
    mark(token.span, .keyword)
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    // Columns are asked about, as in a filter.
    let outer = expressionKind
    expressionKind = .expression(.stage(.filter))
    defer { expressionKind = outer }
    let condition = try parseOperation(from: 0)
    return Measured(
      .restricted(operand.syntax, where: condition.syntax), operand.syntax.span.union(condition.syntax.span),
      depth: max(operand.depth, condition.depth) + 1)
  }

  /// `temp_*`, `*:number`, `* except (id, name)` at the current token; nil if it is an operand of a product, or a name.
  mutating func parseColumns() throws(Unreadable) -> Measured? {
    guard let end = endOfWildcard(), standsForColumns(token.start..<end) else { return nil }
    var columns = ColumnsSyntax(try parseColumnPattern())
    let start = columns.pattern.span.start
    if token.kind == .colon {
      mark(token.span, .punctuation)
      advance()
      expect(.keyword(ColumnsSyntax.TypeKind.allCases.map(\.rawValue)))
      columns.type = try parseType()
    }
    if isWord("except") || isWord("exclude") {
      if isWord("exclude") { report(.foreignKeyword, "\"exclude\" is not known", token.span, suggestion: "use except") }
      mark(token.span, .keyword)
      advance()
      columns.exceptions = try parseEnclosedExceptions()
    }
    return Measured(.columns(columns), SourceSpan(start: start, end: previousEnd))
  }

  /// Whether a run of name bytes and stars is a pattern: one of its ends is a star with nothing there to multiply.
  private func standsForColumns(_ run: Range<Int>) -> Bool {
    let star = UInt8(ascii: "*")
    if bytes[run.lowerBound] == star { return true }
    guard bytes[run.upperBound - 1] == star else { return false }
    var ahead = self
    ahead.resume(at: run.upperBound)
    if ahead.isWord("except") || ahead.isWord("exclude") { return true }
    switch ahead.token.kind {
    case .openParenthesis, .openBracket, .minus: return false
    default: return !startsOperand(ahead.token)
    }
  }

  /// The columns behind `except` inside a call: one, or several in parentheses, as a comma there separates arguments.
  private mutating func parseEnclosedExceptions() throws(Unreadable) -> [ColumnPattern] {
    guard token.kind == .openParenthesis else { return [try parseColumnPattern()] }
    open()
    var patterns = [try parseColumnPattern()]
    while token.kind == .comma {
      mark(token.span, .punctuation)
      advance()
      patterns.append(try parseColumnPattern())
    }
    try close(.closeParenthesis)
    return patterns
  }
}
