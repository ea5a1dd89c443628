// Reads what gives one value: `let`, and expressions that stand alone.
import DshDiagnostics

extension Parser {
  /// Whether an expression stands here that no pipeline can be: a constant, a sign before one, a list, a call.
  var startsExpression: Bool {
    var ahead = self
    while ahead.token.kind == .openParenthesis { ahead.advance() }
    switch ahead.token.kind {
    case .number, .string, .rawString, .minus, .openBracket, .parameter, .bareDate: return true
    case .name: break
    default: return false
    }
    let word = ahead.text(of: ahead.token)
    if ["true", "false", "null", "not"].contains(word) { return true }
    let end = ahead.token.end
    ahead.advance()
    guard ahead.token.kind == .openParenthesis, ahead.token.start == end, CommandRegistry.command(named: word) == nil else { return false }
    guard let verb = VerbRegistry.verb(named: word) else { return true }
    // `split` is a function of texts as well, and `join` one of lists; the dataset of the verb may stand in parentheses.
    return verb.id == .split || verb.signature == .join && ahead.startsExpression
  }

  /// Whether a name that is nothing else stands before an operator: what is meant is a value, though a name alone has none.
  func isComputed(_ next: Token) -> Bool {
    let word = text(of: token)
    let line = text(token.start..<lexer.endOfLine(from: token.start))
    guard VerbRegistry.verb(named: word) == nil, adviceOnVerb(word) == nil, adviceOnStart(line, token) == nil else { return false }
    switch next.kind {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .matches, .notMatches, .coalesce, .plus, .plusPlus, .minus,
      .star, .slashSlash, .percent, .doubleColon:
      return true
    case .slash: return next.start > token.end
    default: return false
    }
  }

  /// Whether the text that stands here, and alone, is more likely a file to be read than a value.
  var isQuotedPath: Bool {
    guard token.kind == .string || token.kind == .rawString, peek().kind.endsStage else { return false }
    let quoted = text(of: token)
    return looksLikePath(String(quoted.drop { !"'\"".contains($0) }.dropFirst().dropLast()))
  }

  /// Whether what stands here is more likely the rest of the line above: it is indented below that, or begins with a minus sign and a blank.
  private var seemsToGoOn: Bool {
    var start = token.start
    while start > 0, bytes[start - 1].isBlank { start -= 1 }
    guard start > 0, bytes[start - 1] == UInt8(ascii: "\n") else { return false }
    let above = bytes[..<(start - 1)].reversed().prefix { $0 != UInt8(ascii: "\n") }
    guard above.contains(where: { !$0.isBlank }), !above.reversed().drop(while: \.isBlank).starts(with: [UInt8(ascii: "#")]) else {
      return false
    }
    return start < token.start || (token.kind == .minus && token.end < bytes.count && bytes[token.end].isBlank)
  }

  /// `5 + 3`: an expression without columns, to be shown.
  mutating func parseBareExpression() -> Statement.Kind {
    if seemsToGoOn {
      report(
        .unexpectedText, "a line that goes on with the one before can't start with \(description(of: token))", token.span,
        suggestion: "end the line before with the operator, a comma or a backslash")
    }
    let value = parseWholeExpression(.scalar)
    guard !hasGivenUp else { return .expression(value) }
    switch token.kind {
    case .pipe:
      report(
        .unexpectedText, "a value is no dataset that stages could work on", token.span,
        suggestion: "a dataset of one row: rows {value: \(value.printed)} | …")
    case .comma:
      report(.unexpectedText, "one value is shown at a time", token.span, suggestion: "several make a list: [\(value.printed), …]")
    default: return .expression(value)
    }
    while !token.kind.endsStatement { skipToken() }
    return .expression(value)
  }

  /// Whether `let` or `def` stands alone, or with a name alone, so that what there is shall be shown.
  func asksForDefinitions(_ next: Token) -> Bool {
    var ahead = self
    ahead.advance()
    if next.kind == .name || next.kind == .parameter { ahead.advance() }
    return ahead.token.kind.endsStatement || ahead.token.kind == .dashDash
  }

  /// `let n = 60`, `let n = late | count`.
  mutating func parseLet() -> Statement.Kind {
    mark(token.span, .command)
    advance()
    let name = parseNewName(of: "scalar", mayBeVerb: true)
    guard parseAssign(example: "let \(name.text.isEmpty ? "NAME" : name.text) = 60") else {
      return .letBinding(name: name, value: .expression(ExpressionSyntax(.error, span: token.span)))
    }
    return .letBinding(
      name: name, value: startsPipeline ? .pipeline(parseGivingPipeline()) : .expression(parseWholeExpression(.scalar)))
  }

  /// Whether a dataset or a verb stands behind the `=` of `let`, perhaps in parentheses.
  private var startsPipeline: Bool {
    if startsExpression { return false }
    if token.kind == .pipe { return true }
    var inside = self
    if inside.token.kind == .openParenthesis { inside.advance() }
    guard inside.token.kind == .name else { return false }
    let word = inside.text(of: inside.token)
    if Keywords.inExpressions.contains(word) { return false }
    let next = inside.peek().kind
    return VerbRegistry.verb(named: word) != nil || next.endsStage || next.isClosing || next == .name
  }

  /// The pipeline whose value a scalar shall have.
  private mutating func parseGivingPipeline() -> PipelineSyntax {
    expect(.expression(.scalar))
    guard token.kind == .openParenthesis else { return parsePipeline() }
    open()
    let pipeline = parsePipeline()
    do throws(Unreadable) { try close(.closeParenthesis) } catch { recover(outer: 0, stopsAtComma: false) }
    if operatorFollows, !hasGivenUp {
      report(
        .unexpectedText, "the value of a pipeline is named before it is computed with", token.span,
        suggestion: "two statements: let n = \(pipeline.printed); let m = $n …")
      while !token.kind.endsStatement { skipToken() }
    }
    return pipeline
  }

  private var operatorFollows: Bool {
    switch token.kind {
    case .plus, .plusPlus, .minus, .star, .slash, .slashSlash, .percent, .doubleColon, .coalesce: true
    default: false
    }
  }
}
