// Reads what operators join: prefixes, literals, names, calls, lists, and what may stand behind them.
import DshDiagnostics

extension Parser {
  /// Prefix operators and what they stand before.
  mutating func parsePrefix() throws(Unreadable) -> Measured {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Limits.expressionDepth else {
      report(.expressionTooDeep, "the expression has more than \(Limits.expressionDepth) levels", token.span)
      throw Unreadable()
    }
    let start = token.start
    switch token.kind {
    case .minus:
      mark(token.span, .operation)
      advance()
      skipNewlines()
      if token.kind == .endOfText { leaveOpen(.operation) }
      return try parseNegation(from: start)
    case .plus:
      report(.unexpectedText, "a number needs no +", token.span, suggestion: "leave it out")
      advance()
      return try parsePrefix()
    case .bang:
      report(.foreignOperator, "! is not known", token.span, suggestion: "use not")
      advance()
      let operand = try parsePrefix()
      return Measured(.unary(.not, operand.syntax), SourceSpan(start: start, end: operand.syntax.span.end), depth: operand.depth + 1)
    case .name where isWord("not") || isWord("NOT"):
      if isWord("NOT") { report(.foreignOperator, "NOT is not known", token.span, suggestion: "use not") }
      mark(token.span, .keyword)
      advance()
      skipNewlines()
      if token.kind == .endOfText { leaveOpen(.operation) }
      let operand = try parseOperation(from: Self.notPrecedence)
      return Measured(.unary(.not, operand.syntax), SourceSpan(start: start, end: operand.syntax.span.end), depth: operand.depth + 1)
    default: return try parsePostfix(parseRestriction(of: parsePrimary()))
    }
  }

  /// A minus sign and its operand; a number behind it is one negative literal.
  private mutating func parseNegation(from start: Int) throws(Unreadable) -> Measured {
    if token.kind == .number {
      let span = SourceSpan(start: start, end: token.end)
      let literal = readNumber(bytes[token.start..<token.end], isNegative: true, span: span)
      return try parsePostfix(Measured(literal, span))
    }
    let operand = try parsePrefix()
    let span = SourceSpan(start: start, end: operand.syntax.span.end)
    switch operand.syntax.kind {
    case .literal(.int64(let value)) where value >= 0: return Measured(.literal(.int64(-value)), span)
    case .literal(.float64(let value)) where value.sign == .plus: return Measured(.literal(.float64(-value)), span)
    default: return Measured(.unary(.negate, operand.syntax), span, depth: operand.depth + 1)
    }
  }

  /// Casts, fields and indexes behind an operand.
  private mutating func parsePostfix(_ operand: Measured) throws(Unreadable) -> Measured {
    var operand = operand
    while operand.depth <= Limits.expressionDepth {
      switch token.kind {
      case .doubleColon:
        mark(token.span, .operation)
        advance()
        expect(.type)
        let type = try parseType()
        operand = Measured(.cast(operand.syntax, type: type), operand.syntax.span.union(type.span), depth: operand.depth + 1)
      case .dot:
        mark(token.span, .operation)
        advance()
        expect(.field(of: operand.syntax))
        guard let name = nameOfToken() else {
          reportMissingColumn()
          throw Unreadable()
        }
        mark(name.span, .column)
        advance()
        operand = Measured(.member(operand.syntax, name), operand.syntax.span.union(name.span), depth: operand.depth + 1)
      case .openBracket:
        open()
        let index = try parseOperation(from: 0)
        try close(.closeBracket)
        let span = SourceSpan(start: operand.syntax.span.start, end: previousEnd)
        operand = Measured(.index(operand.syntax, index.syntax), span, depth: max(operand.depth, index.depth) + 1)
      case .name where standsAtWindow(behind: operand.syntax): operand = try parseWindow(of: operand)
      default: return operand
      }
    }
    report(.expressionTooDeep, "the expression has more than \(Limits.expressionDepth) levels", token.span)
    throw Unreadable()
  }

  /// `int64`, `list<string>`, `decimal(10, 2)`, `struct<a: int64>`; the name's text has no blanks.
  mutating func parseType() throws(Unreadable) -> Name {
    nesting += 1
    defer { nesting -= 1 }
    guard token.kind == .name, nesting <= Limits.expressionDepth else {
      if !reportLexicalMistake() {
        report(.expectedType, "expected a type, not \(description(of: token))", place, suggestion: "such as x::int64")
      }
      throw Unreadable()
    }
    var name = Name(text(of: token), span: token.span)
    mark(name.span, .type)
    advance()
    if ["timestamp", "time", "duration"].contains(name.text), token.kind == .openBracket {
      try parseResolution(of: &name)
      return name
    }
    let isEnclosed = token.kind == .openParenthesis
    guard isEnclosed || (token.kind == .less && ["list", "struct", "map"].contains(name.text)) else { return name }
    let (opening, closing): (String, TokenKind) = isEnclosed ? ("(", .closeParenthesis) : ("<", .greater)
    name.text += opening
    advance()
    while true {
      if token.kind == .number, isEnclosed {
        name.text += text(of: token)
        advance()
      } else {
        if token.kind == .name || token.kind == .quotedName, peek().kind == .colon, let field = nameOfToken() {
          name.text += printedName(field.text) + ":"
          advance()
          advance()
        }
        name.text += try parseType().text
      }
      guard token.kind == .comma else { break }
      name.text += ","
      advance()
    }
    guard token.kind == closing else {
      reportUnexpected(suggestion: "the type \(name.text) is not closed")
      throw Unreadable()
    }
    name.text += isEnclosed ? ")" : ">"
    name.span.end = token.end
    advance()
    return name
  }

  /// `[ns]` or `[us, Europe/Berlin]`: whatever stands there is looked at by whoever binds the type.
  private mutating func parseResolution(of name: inout Name) throws(Unreadable) {
    let start = token.start
    while token.kind != .closeBracket {
      guard !token.kind.endsStage else {
        reportUnexpected(suggestion: "the type \(name.text) is not closed")
        throw Unreadable()
      }
      advance()
    }
    name.text += String(decoding: bytes[start..<token.end], as: UTF8.self)
    name.span.end = token.end
    advance()
  }

  // MARK: Primaries

  mutating func parsePrimary() throws(Unreadable) -> Measured {
    expect(expressionKind)
    let start = token
    switch token.kind {
    case .number:
      let literal = readNumber(bytes[token.start..<token.end], isNegative: false, span: token.span)
      return Measured(literal, start.span)
    case .bareDate:
      report(.bareDate, "a date is written as a text", token.span, suggestion: "use date(\"\(text(of: token))\")")
      mark(token.span, .number)
      advance()
      return Measured(.error, start.span)
    case .string, .rawString:
      let value = stringText(of: token)
      mark(token.span, .string)
      advance()
      reportAdjacentString(behind: start)
      return Measured(.literal(.string(value)), start.span)
    case .parameter:
      mark(token.span, .parameter)
      if token.end == bytes.count { expect(.parameter, from: token.start) }
      advance()
      return Measured(.parameter(text((start.start + 1)..<start.end)), start.span)
    case .quotedName:
      mark(token.span, .column)
      advance()
      return Measured(.column(quotedNameText(of: start)), start.span)
    case .name: return try parseWord()
    case .openParenthesis: return try parseEnclosed()
    case .openBracket:
      open()
      let items = try parseArguments(until: .closeBracket)
      return Measured(.list(items.syntax), SourceSpan(start: start.start, end: previousEnd), depth: items.depth + 1)
    case .star where call != nil:
      if let columns = try parseColumns() { return columns }
      reportMissingOperand()
      throw Unreadable()
    case .openBrace where startsField(peek()): return try parseStructure()
    default:
      if token.kind == .unterminatedString, token.end == bytes.count, comparedColumn != nil { expect(.value, from: token.start) }
      if token.kind == .unterminatedString, token.end == bytes.count, let call {
        expect(.text(function: call.function, argument: call.argument), from: token.start)
      }
      if token.kind == .invalid, token.end == bytes.count, bytes[token.start] == UInt8(ascii: "$") { expect(.parameter, from: token.start) }
      reportMissingOperand()
      throw Unreadable()
    }
  }

  /// A second text right behind the first: the doubled quotes of SQL.
  private mutating func reportAdjacentString(behind first: Token) {
    while token.kind == .string, token.start == previousEnd {
      report(
        .unexpectedText, "a quote in a text is written with a backslash", token.span,
        suggestion: "such as \\\(Character(Unicode.Scalar(bytes[first.start])))")
      mark(token.span, .string)
      advance()
    }
  }

  private mutating func reportMissingOperand() {
    if reportLexicalMistake() { return }
    if token.kind == .endOfText, let bracket = brackets.last { leaveOpen(.bracket(Character(Unicode.Scalar(bytes[bracket.start])))) }
    let what = description(of: token)
    if token.kind == .openBrace {
      report(.expectedExpression, "expected an expression, not \(what)", token.span, suggestion: "lists are written [a, b]")
    } else if standsAtEnd || token.kind == .comma {
      report(.expectedExpression, "an expression is missing before \(what)", place)
    } else {
      let isPower = token.kind == .star && previousKind == .star
      report(.expectedExpression, "expected an expression, not \(what)", token.span, suggestion: isPower ? "a power is pow(x, y)" : nil)
    }
  }

  mutating func readNumber(_ digits: ArraySlice<UInt8>, isNegative: Bool, span: SourceSpan) -> ExpressionSyntax.Kind {
    mark(span, .number)
    advance()
    let reading = parseNumber(isNegative ? [UInt8(ascii: "-")] + digits : digits)
    switch reading {
    case .int64(let value): return .literal(.int64(value))
    case .float64(let value): return .literal(.float64(value))
    case .overflow:
      report(
        .integerOverflow, "the number does not fit in 64 bits", span,
        suggestion: "with a fraction it is a float64: \(String(decoding: digits, as: UTF8.self)).0")
    case nil:
      let word = String(decoding: digits, as: UTF8.self)
      let isSize = parseSize(word) != nil
      report(
        .invalidNumber, "\"\(word)\" is no number", span,
        suggestion: isSize
          ? "sizes stand in options only; here write \(parseSize(word) ?? 0)" : "a column of that name stands in backticks: `\(word)`")
    }
    return .error
  }

  /// A constant, a call or a column.
  private mutating func parseWord() throws(Unreadable) -> Measured {
    let word = Name(text(of: token), span: token.span)
    if let keyword = try parseKeyword(word) { return keyword }
    if call != nil, let columns = try parseColumns() { return columns }
    guard peek().kind == .openParenthesis else {
      mark(word.span, .column)
      advance()
      return Measured(.column(word.text), word.span)
    }
    openCall(word)
    let arguments = try parseArguments(until: .closeParenthesis, of: word.text)
    return Measured(.call(word, arguments.syntax), SourceSpan(start: word.span.start, end: previousEnd), depth: arguments.depth + 1)
  }

  private mutating func openCall(_ word: Name) {
    mark(word.span, .function)
    advance()
    open()
    if word.text == "count", token.kind == .star, peek().kind == .closeParenthesis {
      report(.foreignOperator, "\(word.text)(*) is not known", token.span, suggestion: "\(word.text)() counts rows")
      advance()
    }
  }

  /// A constant, or a word that means something other than a name; nil if it is a name.
  ///
  /// Apart from `parseWord`, which stands on the stack once for each level of an expression, so that it takes little of it.
  private mutating func parseKeyword(_ word: Name) throws(Unreadable) -> Measured? {
    if let constant = Keywords.constants[word.text] {
      mark(word.span, .constant)
      advance()
      return Measured(.literal(constant), word.span)
    }
    if let ours = Keywords.foreignConstants[word.text] {
      report(
        .foreignKeyword, "\"\(word.text)\" is not known", word.span, suggestion: "use \(ours); a column of that name stands in backticks")
      mark(word.span, .error)
      advance()
      return Measured(.error, word.span)
    }
    if Keywords.inExpressions.contains(word.text) {
      report(
        .expectedExpression, "expected an expression, not \"\(word.text)\"", word.span,
        suggestion: "a column of that name stands in backticks: `\(word.text)`")
      throw Unreadable()
    }
    if let call = Keywords.keywordsThatAreFunctions[word.text], startsOperand(peek()) || isWord("when", peek()) || isWord("WHEN", peek()) {
      report(.foreignKeyword, "\(word.text) is a function here", word.span, suggestion: call)
      throw Unreadable()
    }
    return nil
  }

  private mutating func parseEnclosed() throws(Unreadable) -> Measured {
    let start = token.start
    open()
    var inner = try parseOperation(from: 0)
    if token.kind == .comma {
      report(.unexpectedText, "a list stands in square brackets", token.span, suggestion: "use [a, b]")
      throw Unreadable()
    }
    try close(.closeParenthesis)
    inner.syntax.span = SourceSpan(start: start, end: previousEnd)
    enclosedSpans.insert(inner.syntax.span)
    return inner
  }

  /// Expressions between commas and the closing bracket, behind an opening one that is consumed already.
  ///
  /// - Parameter column: the column that each of them is compared with.
  mutating func parseArguments(
    until closing: TokenKind, of function: String? = nil, comparedWith column: String? = nil
  ) throws(Unreadable) -> (syntax: [ExpressionSyntax], depth: Int) {
    let outer = comparedColumn
    comparedColumn = column
    let outerCall = call
    defer { (comparedColumn, call) = (outer, outerCall) }
    var items: [ExpressionSyntax] = []
    var depth = 0
    if token.kind == closing { expect(expressionKind) }
    while token.kind != closing {
      call = function.map { ($0, items.count) }
      let item = try function != nil && isAtLambda ? parseLambda() : parseOperation(from: 0)
      comparedColumn = column
      items.append(item.syntax)
      depth = max(depth, item.depth)
      if token.kind != .comma {
        guard startsOperand(token), !isOnNewLine, !hasGivenUp else { break }
        report(
          .missingComma, "a comma is missing before \(description(of: token))", token.span,
          suggestion: adviceOnDistinct() ?? adviceOnOddName())
        continue
      }
      mark(token.span, .punctuation)
      advance()
      if token.kind == .endOfText { expect(expressionKind) }
    }
    try close(closing)
    return (items, depth)
  }

  /// Whether an operand starts with the token, and with no word that would go on with an expression.
  func startsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .name: !Keywords.inExpressions.contains(text(of: token)) && adviceOnClause(text(of: token), verb: .filter) == nil
    case .number, .string, .rawString, .quotedName, .parameter: true
    default: false
    }
  }

  // MARK: Texts

  /// The text of a string token; says which escapes mean nothing.
  mutating func stringText(of token: Token) -> String {
    stringText(token.start..<token.end)
  }

  /// The text of a closed string literal, quotes included in the range.
  mutating func stringText(_ range: Range<Int>) -> String {
    guard range.count >= 2 else { return "" }
    if bytes[range.lowerBound] == UInt8(ascii: "r") { return text((range.lowerBound + 2)..<(range.upperBound - 1)) }
    let inner = (range.lowerBound + 1)..<(range.upperBound - 1)
    let reading = readEscapes(bytes[inner], at: inner.lowerBound)
    for span in reading.badEscapes {
      report(
        .invalidEscape, "no escape \"\(text(span.start..<span.end))\"", span,
        suggestion: "a raw text has no escapes: r\(text(range))", notes: ["for a backslash write \\\\"])
    }
    return reading.text
  }
}
