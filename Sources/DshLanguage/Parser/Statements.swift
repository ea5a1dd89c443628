// Reads statements: naming, definitions, commands and pipelines.
import DshDiagnostics

extension Parser {
  /// Reads everything.
  mutating func parseScript() -> Script {
    var statements: [Statement] = []
    while true {
      while token.kind == .newline || token.kind == .semicolon { advance() }
      if token.kind == .endOfText { break }
      if diagnostics.count >= Limits.errorsPerText {
        diagnostics.append(
          Diagnostic(.tooManyErrors, "too many mistakes; the rest was not read", span: token.span))
        break
      }
      statements.append(parseStatement())
      isInsideStatement = token.kind == .endOfText
    }
    if !isInsideStatement { expect(.statement) }
    if let backslash = lexer.openBackslash, diagnostics.isEmpty, openConstruct == nil, backslash > 0 || !statements.isEmpty {
      openConstruct = .backslash
    }
    return Script(statements: statements)
  }

  private mutating func parseStatement() -> Statement {
    let start = token.start
    expectation = nil
    let errorsBefore = diagnostics.count
    diagnosticsBefore = errorsBefore
    brackets = []
    lexer.skipsNewlines = false
    pipelines = []
    bindings = []
    nesting = 0
    enclosedSpans = []
    let kind = parseStatementKind()
    if !token.kind.endsStatement { recoverToStatementEnd() }
    return Statement(kind, span: SourceSpan(start: start, end: max(start, previousEnd)), hasErrors: diagnostics.count > errorsBefore)
  }

  private mutating func recoverToStatementEnd() {
    if !hasGivenUp { reportUnexpected() }
    brackets = []
    lexer.skipsNewlines = false
    while !token.kind.endsStatement { skipToken() }
  }

  private mutating func parseStatementKind() -> Statement.Kind {
    expect(.statement)
    switch token.kind {
    case .pipe: return parseQuestion() ?? .pipeline(name: nil, parsePipeline())
    case .bang: return parseSystemShell()
    case .name: break
    default:
      if let question = parseQuestion() { return question }
      return startsExpression && !isQuotedPath ? parseBareExpression() : parseForeignStart()
    }
    if let question = parseQuestion() { return question }
    let next = peek()
    if isWord("let") || isWord("def"), next.kind != .assign, !asksForDefinitions(next) {
      return isWord("let") ? parseLet() : parseDefinition()
    }
    if next.kind == .assign || standsAtForeignAssign(next) { return parseNaming() }
    if next.kind == .comma, namesSeveral { return parsePartsNaming() }
    if let command = CommandRegistry.command(named: text(of: token)) { return parseCommand(command) }
    if startsExpression || isComputed(next) { return parseBareExpression() }
    return .pipeline(name: nil, parsePipeline())
  }

  /// `?` alone or `filter ?`, also behind the stages typed so far: what is asked for is help, and nothing else of the line is looked at.
  private mutating func parseQuestion() -> Statement.Kind? {
    let end = lexer.endOfLine(from: token.start)
    guard let mark = bytes[token.start..<end].lastIndex(where: { !$0.isBlank }), bytes[mark] == UInt8(ascii: "?") else { return nil }
    if mark == token.start {
      let span = SourceSpan(start: mark, end: mark + 1)
      self.mark(span, .command)
      resume(at: mark + 1)
      return .command(CommandSyntax(.help, at: span, arguments: [], rest: ""))
    }
    let stageStart = bytes[token.start..<mark].lastIndex(of: UInt8(ascii: "|")).map { $0 + 1 } ?? token.start
    var wordStart = stageStart
    while wordStart < mark, bytes[wordStart].isBlank { wordStart += 1 }
    var wordEnd = mark
    while wordEnd > wordStart, bytes[wordEnd - 1].isBlank { wordEnd -= 1 }
    let word = text(wordStart..<wordEnd)
    guard !word.isEmpty, word.utf8.allSatisfy({ $0.continuesName || $0.isBlank }), bytes[wordStart].startsName else { return nil }
    let span = SourceSpan(start: wordStart, end: wordEnd)
    self.mark(span, .optionValue)
    self.mark(SourceSpan(start: mark, end: mark + 1), .command)
    resume(at: mark + 1)
    return .command(
      CommandSyntax(.help, at: SourceSpan(start: mark, end: mark + 1), arguments: [WordSyntax(word, span: span)], rest: word))
  }

  /// Whether `:=` or `<-` stands behind the name.
  private func standsAtForeignAssign(_ next: Token) -> Bool {
    guard next.end < bytes.count else { return false }
    let second: UInt8? = next.kind == .colon ? UInt8(ascii: "=") : next.kind == .less ? UInt8(ascii: "-") : nil
    return second == bytes[next.end]
  }

  /// Whether names between commas and an `=` stand here.
  private var namesSeveral: Bool {
    var ahead = self
    while ahead.token.kind == .name, ahead.peek().kind == .comma {
      ahead.advance()
      ahead.advance()
    }
    return ahead.token.kind == .name && ahead.peek().kind == .assign
  }

  /// `name, name = pipeline`, whose last stage splits rows.
  private mutating func parsePartsNaming() -> Statement.Kind {
    var names = [parseNewName(of: "dataset")]
    while token.kind == .comma {
      mark(token.span, .punctuation)
      advance()
      let name = parseNewName(of: "dataset")
      if names.contains(where: { $0.text == name.text }) {
        report(.duplicateName, "two parts have that name: \(name.text)", name.span)
      }
      names.append(name)
    }
    datasets.formUnion(names.map(\.text))
    mark(token.span, .operation)
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    expect(.statement)
    var pipeline = parsePipeline()
    pipeline.parts = names
    guard let last = pipeline.stages.last, last.verbID == .split, case .numbers(let shares) = last.operands else {
      if pipeline.stages.last?.verbID != .split, let span = pipeline.stages.last?.span ?? pipeline.source?.span {
        report(.missingVerb, "several names are for the parts that split makes", span, suggestion: "end with | split 0.8")
      }
      return .pipeline(name: nil, pipeline)
    }
    if shares.count + 1 != names.count, !shares.isEmpty {
      report(
        .unexpectedText, "\(counted(shares.count, "share")) and the rest are \(shares.count + 1) parts, and there are \(names.count) names",
        last.span, suggestion: "the last part gets what the shares leave")
    }
    if let part = last.option("part") {
      report(.unexpectedText, "--part is for one part alone", part.span, suggestion: "leave it out")
    }
    return .pipeline(name: nil, pipeline)
  }

  /// `name = pipeline`.
  private mutating func parseNaming() -> Statement.Kind {
    let name = parseNewName(of: "dataset")
    datasets.insert(name.text)
    mark(token.span, .operation)
    if token.kind != .assign {
      let span = SourceSpan(start: token.start, end: token.end + 1)
      report(.foreignOperator, "a dataset is named by =", span, suggestion: "use =")
      advance()
    }
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    expect(.statement)
    if token.kind.endsStatement {
      report(
        .missingOperand, "nothing stands behind the =", SourceSpan(start: previousEnd - 1, end: previousEnd),
        suggestion: "such as \(name.text) = read FILE")
      return .pipeline(name: name, PipelineSyntax(source: nil, stages: [], span: token.span))
    }
    if startsExpression {
      report(
        .scalarWithoutLet, "a dataset is named here, and this is none", token.span,
        suggestion: "scalars are made by let \(name.text) = …")
      while !token.kind.endsStatement { skipToken() }
      return .pipeline(name: name, PipelineSyntax(source: nil, stages: [], span: token.span))
    }
    var pipeline = parsePipeline()
    pipeline.continueStages(isOperand: true)
    pipeline.keep(as: name)
    if let last = pipeline.stages.last, let verb = last.definition, last.kind == .action {
      report(
        .namedAction, "\(verb.name) gives no dataset that could be named", last.verb.span,
        suggestion: verb.advice.whenNamed.map { .words($0) } ?? "name the dataset first, then run \(verb.name) on it")
    }
    return .pipeline(name: name, pipeline)
  }

  /// `def hours(x) = x / 60`.
  mutating func parseDefinition() -> Statement.Kind {
    mark(token.span, .command)
    advance()
    let name = parseNewName(of: "function", mayBeVerb: true)
    let parameters: [Name]
    do throws(Unreadable) {
      parameters = try parseParameters()
    } catch {
      recover(outer: 0, stopsAtComma: false)
      return .definition(name: name, parameters: [], body: ExpressionSyntax(.error, span: token.span))
    }
    guard parseAssign(example: "def \(name.text)(x) = x * 2") else {
      return .definition(name: name, parameters: parameters, body: ExpressionSyntax(.error, span: token.span))
    }
    return .definition(name: name, parameters: parameters, body: parseWholeExpression(.definition))
  }

  private mutating func parseParameters() throws(Unreadable) -> [Name] {
    guard token.kind == .openParenthesis else {
      report(.missingOperand, "the parameters are missing", place, suggestion: "such as def double(x) = x * 2")
      throw Unreadable()
    }
    open()
    var parameters: [Name] = []
    while token.kind != .closeParenthesis {
      guard token.kind == .name else {
        if token.kind.endsStage { break }
        reportUnexpected(suggestion: "parameters are names between commas")
        throw Unreadable()
      }
      let name = Name(text(of: token), span: token.span)
      if parameters.contains(where: { $0.text == name.text }) {
        report(.duplicateName, "a parameter of that name stands before: \(name.text)", name.span)
      }
      parameters.append(name)
      mark(name.span, .newName)
      advance()
      guard token.kind == .comma else { break }
      advance()
    }
    try close(.closeParenthesis)
    return parameters
  }

  /// Where something is missing: the current token, or the last byte before a stage end.
  var place: SourceSpan {
    token.kind.endsStage ? SourceSpan(start: max(0, previousEnd - 1), end: previousEnd) : token.span
  }

  /// Consumes the `=` of `let` and `def`; false if it is missing.
  mutating func parseAssign(example: String) -> Bool {
    guard token.kind == .assign else {
      if token.kind != .equal {
        report(.missingOperand, "the = is missing", place, suggestion: "such as \(example)")
        while !token.kind.endsStatement { skipToken() }
        return false
      }
      report(.foreignOperator, "== compares; a name is bound by =", token.span, suggestion: "use =")
      advance()
      return true
    }
    mark(token.span, .operation)
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    return true
  }

  /// An expression up to the end of the statement.
  mutating func parseWholeExpression(_ place: CompletionPosition.ExpressionPlace) -> ExpressionSyntax {
    do throws(Unreadable) {
      return try parseExpression(place)
    } catch {
      recover(outer: 0, stopsAtComma: false)
      return ExpressionSyntax(.error, span: token.span)
    }
  }

  /// A name being given to something; says what is wrong with it.
  mutating func parseNewName(of thing: String, mayBeVerb: Bool = false) -> Name {
    if token.kind == .parameter, thing == "scalar" {
      let name = text((token.start + 1)..<token.end)
      report(.missingName, "a scalar is named without $", token.span, suggestion: "write let \(name) = …; it is used as $\(name)")
      advance()
      return Name(name, span: SourceSpan(start: previousEnd - name.utf8.count, end: previousEnd))
    }
    guard token.kind == .name else {
      report(.missingName, "the name of the \(thing) is missing", place)
      return Name("", span: SourceSpan(start: token.start, end: token.start))
    }
    let name = Name(text(of: token), span: token.span)
    mark(name.span, .newName)
    if let trouble = troubleWithName(name.text, mayBeVerb: mayBeVerb) {
      let other = name.text.drop { $0 == "_" || $0.isNumber }
      report(
        .reservedName, "\"\(name.text)\" \(trouble)", name.span,
        suggestion: "choose another name, such as \(other.isEmpty ? "some" : other)_rows")
    }
    advance()
    return name
  }

  private func troubleWithName(_ name: String, mayBeVerb: Bool) -> String? {
    if Keywords.inExpressions.contains(name) || Keywords.ofStatements.contains(name) { return "is a keyword" }
    if mayBeVerb { return nil }
    if VerbRegistry.verb(named: name) != nil { return "is a verb" }
    if CommandRegistry.command(named: name) != nil { return "is a command" }
    let bytes = name.utf8
    if bytes.first == UInt8(ascii: "_"), bytes.dropFirst().allSatisfy(\.isDigit) { return "is given by the shell" }
    return nil
  }

  /// A statement that starts with what no statement starts with.
  mutating func parseForeignStart() -> Statement.Kind {
    let start = token
    let line = text(token.start..<lexer.endOfLine(from: token.start))
    if let advice = adviceOnStart(line, token) {
      let end = advice.length.map { start.start + $0 } ?? start.end
      report(advice.code, advice.message, SourceSpan(start: start.start, end: end), suggestion: advice.suggestion)
      resume(at: end)
    } else if !reportLexicalMistake() {
      report(
        .unexpectedText, "a statement can't start with \(description(of: token))", token.span,
        suggestion: "it starts with a dataset, a verb or a command")
    }
    while !token.kind.endsStatement { skipToken() }
    return .pipeline(name: nil, PipelineSyntax(source: nil, stages: [], span: start.span))
  }
}
