// Reads operands with clauses of their own: keys, aggregates, joined datasets, rows, counts, paths.
import DshDiagnostics

extension Parser {
  // MARK: Keys

  mutating func parseSortKeys(of verb: Verb, endsAt endWord: String? = nil) -> [SortKeySyntax] {
    if isWord("by"), peek().kind == .name || peek().kind == .quotedName {
      report(.foreignKeyword, "keys stand right behind \(verb.name)", token.span, suggestion: "leave by out")
      advance()
    }
    return parseItems(of: verb, endsAt: endWord) { parser throws(Unreadable) in try parser.parseSortKey(of: verb) }
  }

  private mutating func parseSortKey(of verb: Verb) throws(Unreadable) -> SortKeySyntax {
    let expression = try parseExpression(.stage(verb.id))
    expect(.keyword(["desc", "asc"]))
    if goesOn(with: ["desc", "asc"]) { skipNewlines() }
    if isWord("DESC") || isWord("ASC") || isWord("descending") || isWord("ascending") { reportForeignOrder() }
    // Of `top` the largest are wanted unless something else is said.
    let isDescending = isWord("desc") || (verb.signature == .top && !isWord("asc"))
    if isWord("desc") || isWord("asc") {
      mark(token.span, .keyword)
      advance()
    }
    return SortKeySyntax(
      expression, isDescending: isDescending, span: SourceSpan(start: expression.span.start, end: max(expression.span.end, previousEnd)))
  }

  /// `DESC` and `descending` of other languages; consumed.
  private mutating func reportForeignOrder() {
    let ours = text(of: token).lowercased().hasPrefix("d") ? "desc" : "asc, or nothing"
    report(.foreignKeyword, "\"\(text(of: token))\" is not known", token.span, suggestion: "use \(ours)")
    advance()
  }

  /// `A = f(x), … by KEY, …`.
  mutating func parseAggregation(of verb: Verb) -> Operands {
    var aggregates: [BindingSyntax] = []
    if !standsAtBy {
      aggregates = parseItems(of: verb, endsAt: "by") { parser throws(Unreadable) in try parser.parseBinding(verb: verb) }
    }
    bindings = []
    if isWord("group"), isWord("by", peek()) {
      report(.foreignKeyword, "keys stand behind by alone", token.span, suggestion: "write by")
      advance()
    }
    if token.kind == .newline, brackets.isEmpty, leadsToBy { skipNewlines() }
    return .aggregation(aggregates, by: parseKeys(behind: "by", of: verb))
  }

  /// Keys behind a word, if that stands there.
  mutating func parseKeys(behind word: String, of verb: Verb) -> [BindingSyntax] {
    if goesOn(with: [word]), word != "by" { skipNewlines() }
    guard isWord(word) else { return [] }
    mark(token.span, .keyword)
    advance()
    expect(.expression(.stage(.filter)))
    if standsAtEnd {
      report(.missingOperand, "no key stands behind \(word)", SourceSpan(start: previousEnd - word.utf8.count, end: previousEnd))
      return []
    }
    return parseItems(of: verb) { parser throws(Unreadable) in try parser.parseBinding(verb: .filter) }
  }

  /// `AGG, … by COLUMN in [VALUE, …] per KEY, …`, and `NUMBER, … by X per KEY, …`.
  mutating func parsePivot(of verb: Verb) throws(Unreadable) -> Operands {
    let aggregates = parseItems(of: verb, endsAt: "by") { parser throws(Unreadable) in try parser.parseBinding(verb: verb) }
    bindings = []
    try consumeWord("by", of: verb)
    let column = try parseExpression(.stage(.filter))
    expect(.keyword(["per"]))
    return .pivot(aggregates, by: column, per: parseKeys(behind: "per", of: verb))
  }

  /// Whether the next line goes on with `by` and its keys; a dataset may be called so, and then more than a name stands behind it.
  private var leadsToBy: Bool {
    var ahead = self
    ahead.skipNewlines()
    guard ahead.isWord("by") else { return false }
    switch ahead.peek().kind {
    case .name, .quotedName: return true
    default: return false
    }
  }

  /// Whether the current token is the word `by` and not a column of that name.
  private var standsAtBy: Bool {
    guard isWord("by") else { return false }
    switch peek().kind {
    case .name, .quotedName, .number, .string, .openParenthesis, .endOfText, .newline: return true
    default: return false
    }
  }

  mutating func consumeWord(_ word: String, of verb: Verb) throws(Unreadable) {
    expect(.keyword([word]))
    if goesOn(with: [word]) { skipNewlines() }
    guard isWord(word) else {
      report(.missingOperand, "\(verb.name) needs \(word)", place, suggestion: "usage: \(verb.usage)")
      throw Unreadable()
    }
    mark(token.span, .keyword)
    advance()
  }

  // MARK: Datasets

  mutating func parseDatasets(of verb: Verb, _ range: ClosedRange<Int>) throws(Unreadable) -> [DatasetSyntax] {
    if range.upperBound == 1 { return [try parseDataset()] }
    return parseItems(of: verb) { parser throws(Unreadable) in try parser.parseDataset() }
  }

  /// A name, `_`, `_3`, or a pipeline in parentheses.
  mutating func parseDataset() throws(Unreadable) -> DatasetSyntax {
    expect(.dataset)
    if token.kind == .name {
      let word = text(of: token)
      if let verb = VerbRegistry.verb(named: word), !peek().kind.endsStage, peek().kind != .comma {
        report(.missingParentheses, "a pipeline as operand stands in parentheses", token.span, suggestion: "write ( \(verb.name) … )")
        throw Unreadable()
      }
      let name = Name(word, span: token.span)
      if VerbRegistry.verb(named: word) != nil || Keywords.inExpressions.contains(word) {
        report(.reservedName, "\"\(word)\" can't name a dataset", name.span)
      }
      mark(name.span, .dataset)
      advance()
      return .source(.dataset(name))
    }
    guard token.kind == .openParenthesis else {
      if !reportLexicalMistake() {
        report(
          .expectedDataset, "expected a dataset, not \(description(of: token))", place,
          suggestion: token.kind == .string
            ? "a file is read in parentheses: ( read \(text(of: token)) )" : "a name, or a pipeline in parentheses")
      }
      throw Unreadable()
    }
    return try parseEnclosedPipeline()
  }

  private mutating func parseEnclosedPipeline() throws(Unreadable) -> DatasetSyntax {
    let start = token.start
    guard pipelines.count < Limits.pipelineDepth else {
      report(
        .pipelineTooDeep, "pipelines stand in each other more than \(Limits.pipelineDepth) deep", token.span,
        suggestion: "give inner ones a name")
      throw Unreadable()
    }
    let outerBindings = bindings
    open()
    let pipeline = parsePipeline()
    bindings = outerBindings
    try close(.closeParenthesis)
    return .pipeline(pipeline, span: SourceSpan(start: start, end: previousEnd))
  }

  // MARK: Rows

  mutating func parseRow() throws(Unreadable) -> RowSyntax {
    let start = token.start
    guard token.kind == .openBrace else {
      if !reportLexicalMistake() {
        report(.expectedRow, "expected a row in braces, not \(description(of: token))", place, suggestion: "such as {a: 1, b: \"x\"}")
      }
      throw Unreadable()
    }
    open()
    var fields: [RowSyntax.Field] = []
    while token.kind != .closeBrace {
      let field = try parseField()
      if fields.contains(where: { $0.name.text.isExactly(field.name.text) }) {
        report(.duplicateName, "the row has that name already: \(field.name.text)", field.name.span)
      }
      fields.append(field)
      guard token.kind == .comma else { break }
      mark(token.span, .punctuation)
      advance()
    }
    try close(.closeBrace)
    return RowSyntax(fields: fields, span: SourceSpan(start: start, end: previousEnd))
  }

  private mutating func parseField() throws(Unreadable) -> RowSyntax.Field {
    let name: Name
    if token.kind == .string || token.kind == .rawString {
      name = Name(stringText(of: token), span: token.span)
    } else if let plain = nameOfToken() {
      name = plain
    } else {
      if token.kind == .endOfText { try close(.closeBrace) }
      reportMissingColumn()
      throw Unreadable()
    }
    mark(name.span, .newName)
    advance()
    guard token.kind == .colon else {
      if token.kind == .endOfText { try close(.closeBrace) }
      report(.missingOperand, "the : is missing behind the name", place, suggestion: "such as {\(name.text): 1}")
      throw Unreadable()
    }
    mark(token.span, .punctuation)
    advance()
    return RowSyntax.Field(name: name, value: try parseExpression(.stage(.rows)))
  }

  // MARK: Numbers and texts

  /// A whole number from 0, or a parameter.
  mutating func parseCount(of verb: Verb) throws(Unreadable) -> ExpressionSyntax {
    let number = try parseNumberOperand(of: verb, isWhole: true)
    if let value = number.integerLiteral, value < 0 {
      report(.invalidCount, "\(verb.name) takes a whole number from 0, not \(value)", number.span)
    }
    return number
  }

  mutating func parseNumbers(of verb: Verb, _ range: ClosedRange<Int>, isWhole: Bool) throws(Unreadable) -> [ExpressionSyntax] {
    var numbers = [try parseNumberOperand(of: verb, isWhole: isWhole)]
    while token.kind == .comma {
      mark(token.span, .punctuation)
      advance()
      skipNewlines()
      if token.kind == .endOfText { leaveOpen(.comma) }
      numbers.append(try parseNumberOperand(of: verb, isWhole: isWhole))
      if numbers.count > range.upperBound {
        report(
          .unexpectedText, "\(verb.name) takes at most \(counted(range.upperBound, "number"))", numbers[range.upperBound].span,
          suggestion: "usage: \(verb.usage)")
      }
      if hasGivenUp { throw Unreadable() }
    }
    return numbers
  }

  private mutating func parseNumberOperand(of verb: Verb, isWhole: Bool) throws(Unreadable) -> ExpressionSyntax {
    var number = try parseExpression(.stage(verb.id), offersColumns: false)
    switch number.kind {
    case .literal(.float64(let value)) where isWhole:
      // 1e6 is a handy way to write a million.
      guard value.magnitude < 0x1p62, Double(Int64(value)) == value else { break }
      number.kind = .literal(.int64(Int64(value)))
      return number
    case .literal(.int64), .literal(.float64), .parameter, .error: return number
    default: break
    }
    report(
      .invalidCount, "\(verb.name) takes a \(isWhole ? "whole number" : "number"), not \"\(text(number.span.start..<number.span.end))\"",
      number.span,
      suggestion: "usage: \(verb.usage)")
    number.kind = .error
    return number
  }

  mutating func parseText(of verb: Verb) throws(Unreadable) -> WordSyntax {
    guard token.kind == .string || token.kind == .rawString else {
      if !reportLexicalMistake() {
        report(
          .expectedText, "\(verb.name) takes a text in quotes, not \(description(of: token))", token.span,
          suggestion: "usage: \(verb.usage)")
      }
      throw Unreadable()
    }
    let word = WordSyntax(stringText(of: token), isQuoted: true, span: token.span)
    mark(token.span, .string)
    advance()
    return word
  }

  // MARK: Paths

  mutating func parsePaths(of verb: Verb, _ range: ClosedRange<Int>) throws(Unreadable) -> [PathSyntax] {
    var paths: [PathSyntax] = []
    if token.kind == .endOfText { expect(.path) }
    while !standsAtEnd, token.kind != .dashDash {
      if token.kind == .comma, !paths.isEmpty {
        mark(token.span, .punctuation)
        advance()
        skipNewlines()
        if token.kind == .endOfText { leaveOpen(.comma) }
        continue
      }
      let path = try parsePath()
      if paths.count == range.upperBound {
        report(.unexpectedText, "\(verb.name) takes one path", path.span, suggestion: "usage: \(verb.usage)")
      }
      paths.append(path)
      if hasGivenUp { throw Unreadable() }
      if token.kind == .endOfText { expect(.path) }
    }
    if paths.count < range.lowerBound {
      report(
        .missingOperand, "\(verb.name) needs \(verb.signature.operandNoun)", verbSpan, suggestion: "usage: \(verb.usage)")
    }
    return paths
  }

  private mutating func parsePath() throws(Unreadable) -> PathSyntax {
    let start = token.start
    switch token.kind {
    case .string, .rawString:
      let path = PathSyntax(stringText(of: token), form: .quoted, span: token.span)
      mark(path.span, .path)
      advance()
      return path
    case .openParenthesis:
      report(.unexpectedText, "paths stand in no parentheses", token.span, suggestion: "leave them out")
      throw Unreadable()
    case .unterminatedString:
      expect(.path, from: start)
      _ = reportLexicalMistake()
      advance()
      throw Unreadable()
    case .parameter where token.end == bytes.count || endsPath(at: token.end):
      let path = PathSyntax(text((start + 1)..<token.end), form: .parameter, span: token.span)
      mark(path.span, .parameter)
      if token.end == bytes.count { expect(.parameter, from: start) }
      advance()
      return path
    default: return try scanBarePath(at: start)
    }
  }

  /// A path without quotes, up to a blank or a byte that has a meaning of its own.
  private mutating func scanBarePath(at start: Int) throws(Unreadable) -> PathSyntax {
    var depth = (parentheses: 0, braces: 0)
    var quote: Int?
    var end = start
    while end < bytes.count {
      if endsPath(at: end), !(bytes[end] == UInt8(ascii: ",") && depth.braces > 0) { break }
      switch Unicode.Scalar(bytes[end]) {
      case "'", "\"": quote = quote ?? end
      case "{": depth.braces += 1
      case "}": depth.braces -= 1
      case "(": depth.parentheses += 1
      case ")":
        if depth.parentheses == 0, !brackets.isEmpty { return try finishBarePath(start..<end, quote: quote) }
        depth.parentheses -= 1
      default: break
      }
      end += 1
    }
    return try finishBarePath(start..<end, quote: quote)
  }

  private mutating func finishBarePath(_ range: Range<Int>, quote: Int?) throws(Unreadable) -> PathSyntax {
    guard !range.isEmpty else {
      reportUnexpected()
      throw Unreadable()
    }
    let end = range.upperBound
    let span = SourceSpan(start: range.lowerBound, end: end)
    let path = text(span.start..<span.end)
    if let quote {
      report(
        .invalidPath, "a path with a quote in it must stand in quotes", SourceSpan(start: quote, end: quote + 1),
        suggestion: "write \(printedString(path))")
    }
    mark(span, .path)
    if end == bytes.count { expect(.path, from: span.start) }
    resume(at: end)
    return PathSyntax(path, form: .bare, span: span)
  }

  private func endsPath(at offset: Int) -> Bool {
    guard offset < bytes.count else { return true }
    switch Unicode.Scalar(bytes[offset]) {
    case "|", ";", ",", "#", "\n": return true
    case "\\": return lexer.continuedLineEnd(at: offset) != nil
    default: return bytes[offset].isBlank
    }
  }
}
