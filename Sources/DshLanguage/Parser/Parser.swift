// The state of the parser: the current token, open brackets, what was found wrong, and what completion and colours need.
import DshDiagnostics

/// Thrown where reading can't go on; the mistake has been reported already.
struct Unreadable: Error {}

/// A recursive-descent parser over bytes.
///
/// It has one token of lookahead (`token`) and looks further by copying the lexer. A mistake is reported where it is
/// found; small ones are mended in place, others throw `Unreadable` up to the nearest list item, stage or statement, which
/// skips to where it can go on.
struct Parser {
  let bytes: [UInt8]
  var lexer: Lexer
  var token: Token
  /// The end of the last consumed token.
  var previousEnd = 0
  /// The kind of the last consumed token.
  var previousKind = TokenKind.newline
  /// The brackets that are open, innermost last.
  var brackets: [Token] = []
  var diagnostics: [Diagnostic] = []
  /// How many of the diagnostics belong to statements before the current one.
  var diagnosticsBefore = 0
  /// How deep the descent into expressions stands.
  var nesting = 0
  /// What completion offers where an expression starts.
  var expressionKind = CompletionPosition.Kind.nothing
  /// The column that the expression being read is compared with.
  var comparedColumn: String?
  /// The call whose argument is being read, counted from 0.
  var call: (function: String, argument: Int)?
  /// The expressions that stood in parentheses, which may be compared though they are comparisons.
  var enclosedSpans: Set<SourceSpan> = []
  /// What was open when the end of the text came first, if nothing had gone wrong before.
  var openConstruct: OpenConstruct?
  /// Names that stand for datasets, known before or given in this text: they win over what is said of words of other systems.
  var datasets: Set<String>
  /// The pipelines being read, outermost first.
  var pipelines: [PipelineSyntax] = []
  /// Where the verb of the stage being read stands.
  var verbSpan = SourceSpan(start: 0, end: 0)
  /// The bindings of the stage being read that are complete.
  var bindings: [BindingSyntax] = []
  /// Whether the last statement ends where the text does, so that it is still being typed.
  var isInsideStatement = false
  /// What may stand at the end of the text, as far as is known.
  var expectation: Expectation?
  /// The classes of the bytes read so far.
  var marks: [HighlightedSpan] = []

  init(_ bytes: [UInt8], datasets: Set<String> = []) {
    self.bytes = bytes
    self.datasets = datasets
    lexer = Lexer(bytes)
    token = Token(kind: .newline, start: 0, end: 0)
    advance()
  }

  // MARK: Tokens

  mutating func advance() {
    previousEnd = token.end
    previousKind = token.kind
    token = lexer.next()
  }

  /// The token after the current one.
  func peek() -> Token {
    var ahead = lexer
    return ahead.next()
  }

  /// Goes on reading tokens from a byte that was reached by scanning.
  mutating func resume(at offset: Int) {
    previousEnd = offset
    previousKind = .name
    lexer.position = offset
    token = lexer.next()
  }

  func text(of token: Token) -> String {
    String(decoding: bytes[token.start..<token.end], as: UTF8.self)
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// Whether the current token is that bare word.
  func isWord(_ word: String) -> Bool { isWord(word, token) }

  func isWord(_ word: String, _ token: Token) -> Bool {
    token.kind == .name && bytes[token.start..<token.end].elementsEqual(word.utf8)
  }

  /// Skips line ends where the statement can't be over: behind an operator, a comma, a pipe.
  mutating func skipNewlines() {
    while token.kind == .newline {
      lexer.position = token.end
      token = lexer.next()
    }
  }

  /// Whether the next line begins with one of these words, which begin no statement: then it goes on with this one.
  func goesOn(with words: Set<String>) -> Bool {
    guard token.kind == .newline else { return false }
    var ahead = self
    ahead.skipNewlines()
    return ahead.token.kind == .name && words.contains(ahead.text(of: ahead.token)) && ahead.peek().kind != .assign
  }

  /// Whether a line end stands between the last token and the current one.
  var isOnNewLine: Bool { bytes[previousEnd..<token.start].contains(UInt8(ascii: "\n")) }

  /// Whether so much is wrong that looking for more helps nobody.
  var hasGivenUp: Bool {
    diagnostics.count - diagnosticsBefore >= Limits.errorsPerStatement || diagnostics.count >= Limits.errorsPerText
  }

  // MARK: Brackets

  /// Consumes an opening bracket; until it is closed a newline is a blank.
  mutating func open() {
    brackets.append(token)
    mark(token.span, .punctuation)
    lexer.skipsNewlines = true
    advance()
  }

  /// Consumes the closing bracket of the innermost open one, or says that it is missing.
  mutating func close(_ kind: TokenKind) throws(Unreadable) {
    guard token.kind == kind else {
      let bracket = brackets.last ?? token
      if token.kind == .endOfText { leaveOpen(.bracket(Character(Unicode.Scalar(bytes[bracket.start])))) }
      if token.kind.endsStage || token.kind.isClosing || isOnNewLine {
        report(.unclosedBracket, "\(text(of: bracket)) is not closed", bracket.span)
      } else {
        reportUnexpected(suggestion: adviceOnMethod() ?? adviceInBrackets())
      }
      throw Unreadable()
    }
    mark(token.span, .punctuation)
    brackets.removeLast()
    lexer.skipsNewlines = !brackets.isEmpty
    advance()
  }

  /// Notes that the text ended too early; only the first note of a text without other mistakes counts.
  mutating func leaveOpen(_ construct: OpenConstruct) {
    if openConstruct == nil, diagnostics.isEmpty { openConstruct = construct }
  }

  // MARK: Mistakes

  mutating func report(
    _ code: DiagnosticCode, _ message: String, _ span: SourceSpan, suggestion: Diagnostic.Suggestion? = nil, notes: [String] = [],
    category: DiagnosticCategory = .syntax
  ) {
    if hasGivenUp { return }
    if diagnostics.contains(where: { $0.span == span && $0.code == code }) { return }
    diagnostics.append(Diagnostic(code, category, message, span: span, suggestion: suggestion, notes: notes))
  }

  /// Reports that the current token can't stand where it stands.
  mutating func reportUnexpected(suggestion: Diagnostic.Suggestion? = nil, notes: [String] = []) {
    if reportLexicalMistake() { return }
    var suggestion = suggestion
    if token.kind == .arrow { suggestion = "a lambda stands among the operands of a function, such as list_map(xs, x -> x + 1)" }
    report(.unexpectedText, "did not expect \(description(of: token)) here", token.span, suggestion: suggestion, notes: notes)
  }

  /// Reports a token that is wrong by itself; false if the current one is not.
  mutating func reportLexicalMistake() -> Bool {
    switch token.kind {
    case .unterminatedString:
      let quote = bytes[token.start] == UInt8(ascii: "r") ? bytes[token.start + 1] : bytes[token.start]
      leaveOpen(.quote(Character(Unicode.Scalar(quote))))
      report(.unterminatedString, "the quote is not closed", token.span)
      mark(token.span, .string)
    case .unterminatedName:
      leaveOpen(.quote("`"))
      report(.unterminatedName, "the backtick is not closed", token.span)
    case .invalid:
      report(
        .invalidCharacter, "\(description(of: token)) means nothing here", token.span, suggestion: adviceOnCharacter(text(of: token)))
    default: return false
    }
    return true
  }

  /// The token as a message names it.
  func description(of token: Token) -> String {
    switch token.kind {
    case .endOfText: "the end"
    case .newline: "the end of the line"
    default: "\"" + shortened(text(of: token)) + "\""
    }
  }

  private func shortened(_ text: String) -> String {
    text.count > 40 ? text.prefix(39) + "…" : text
  }

  // MARK: Recovery

  /// Skips to where reading can go on: a comma of this list (if `stopsAtComma`), the bracket that closes what holds this
  /// stage, or the end of the stage.
  ///
  /// - Parameter outer: the brackets that were open where the list or stage began.
  mutating func recover(outer: Int, stopsAtComma: Bool) {
    if brackets.count > outer, !closeAhead(count: brackets.count - outer) {
      // The bracket is never closed: what follows on other lines is not part of it.
      brackets.removeLast(brackets.count - outer)
      lexer.skipsNewlines = !brackets.isEmpty
      lexer.position = token.start
      rewindToNewline()
    }
    var depth = 0
    while !token.kind.endsStage {
      if token.kind.isOpening { depth += 1 }
      if token.kind.isClosing {
        if depth == 0, !brackets.isEmpty { return }
        depth = max(0, depth - 1)
      }
      if depth == 0, stopsAtComma, token.kind == .comma { return }
      skipToken()
    }
  }

  /// Skips past the closers of that many brackets if they come before the next `|` or `;`.
  private mutating func closeAhead(count: Int) -> Bool {
    let bookmark = self
    var depth = count
    var tokenCount = 0
    while depth > 0 {
      tokenCount += 1
      switch token.kind {
      case _ where tokenCount > Limits.recoveryTokens:
        self = bookmark
        return false
      case .endOfText, .semicolon, .pipe:
        self = bookmark
        return false
      case .openParenthesis, .openBracket, .openBrace: depth += 1
      case .closeParenthesis, .closeBracket, .closeBrace: depth -= 1
      default: break
      }
      if depth == 0 {
        brackets.removeLast(count)
        lexer.skipsNewlines = !brackets.isEmpty
      }
      skipToken()
    }
    return true
  }

  /// Puts the lexer at the line end before the current token, if one was skipped inside brackets.
  private mutating func rewindToNewline() {
    if let newline = bytes[previousEnd..<token.start].firstIndex(of: UInt8(ascii: "\n")), !lexer.skipsNewlines {
      lexer.position = newline
    }
    token = lexer.next()
  }

  /// Consumes a token that has no meaning, giving it the colour it would have elsewhere.
  mutating func skipToken() {
    switch token.kind {
    case .string, .rawString: mark(token.span, .string)
    case .number: mark(token.span, .number)
    default: break
    }
    advance()
  }

  mutating func mark(_ span: SourceSpan, _ kind: HighlightKind) {
    marks.append(HighlightedSpan(span: span, kind: kind))
  }
}
