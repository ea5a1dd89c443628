// Reads the operands of a stage as its verb's signature says.
import DshDiagnostics

extension Parser {
  mutating func parseOperands(of verb: Verb) throws(Unreadable) -> Operands {
    switch verb.signature {
    case .none:
      return .none
    case .expression:
      try require(verb, expecting: .expression(.stage(verb.id)))
      return .expression(try parseExpression(.stage(verb.id)))
    case .bindings:
      try require(verb, expecting: .column)
      return .bindings(parseItems(of: verb) { parser throws(Unreadable) in try parser.parseBinding(verb: verb) })
    case .selection:
      try require(verb, expecting: .expression(.stage(verb.id)))
      return .selection(parseSelection(of: verb))
    case .columns(let isOptional):
      expect(.column)
      if isOptional, standsAtEnd { return .columns([]) }
      try require(verb, expecting: .column)
      return .columns(parseItems(of: verb) { parser throws(Unreadable) in try parser.parseColumnPattern() })
    case .renames:
      try require(verb, expecting: .nothing)
      return .renames(parseItems(of: verb) { parser throws(Unreadable) in try parser.parseRename() })
    case .newColumn:
      try require(verb, expecting: .nothing)
      return .newColumn(try parseNewColumn(of: verb))
    case .newDataset:
      return parseNewDataset()
    case .count(let isOptional):
      if isOptional, standsAtEnd { return .count(nil) }
      try require(verb, expecting: .nothing)
      return .count(try parseCount(of: verb))
    case .numbers(let range, let isWhole):
      if range.lowerBound == 0, standsAtEnd || token.kind == .dashDash { return .numbers([]) }
      try require(verb, expecting: .nothing)
      return .numbers(try parseNumbers(of: verb, range, isWhole: isWhole))
    case .paths(let range):
      return .paths(try parsePaths(of: verb, range))
    case .rows:
      try require(verb, expecting: .nothing)
      return .rows(parseItems(of: verb) { parser throws(Unreadable) in try parser.parseRow() })
    case .aggregation, .keyedNumber:
      try require(verb, expecting: .expression(.stage(verb.id)))
      return parseAggregation(of: verb)
    case .pivot, .plot:
      try require(verb, expecting: .expression(.stage(verb.id)))
      return try parsePivot(of: verb)
    case .fills:
      try require(verb, expecting: .column)
      return parseAggregation(of: verb)
    case .sortKeys:
      try require(verb, expecting: .expression(.stage(verb.id)))
      return .sortKeys(parseSortKeys(of: verb))
    case .top:
      try require(verb, expecting: .nothing)
      return try parseTop(of: verb)
    case .join:
      try require(verb, expecting: .dataset)
      return try parseJoin(of: verb)
    case .datasets(let range):
      try require(verb, expecting: .dataset)
      return .datasets(try parseDatasets(of: verb, range))
    case .text:
      try require(verb, expecting: .nothing)
      return .text(try parseText(of: verb))
    case .columnAndText:
      try require(verb, expecting: .column)
      return try parseColumnAndText(of: verb)
    }
  }

  private mutating func parseTop(of verb: Verb) throws(Unreadable) -> Operands {
    let count = try parseCount(of: verb)
    try consumeWord("by", of: verb)
    let order = parseSortKeys(of: verb, endsAt: "per")
    return .top(count: count, by: order, per: parseKeys(behind: "per", of: verb))
  }

  private mutating func parseColumnAndText(of verb: Verb) throws(Unreadable) -> Operands {
    let column = try parseColumnPattern()
    expect(.nothing)
    return .columnAndText(column, try parseText(of: verb))
  }

  /// Whether an option says what an operand would, and none stands here.
  func isOperandReplaced(of verb: Verb, by options: [OptionSyntax]) -> Bool {
    guard case .text(let option) = verb.signature, standsAtEnd else { return false }
    return options.contains { $0.name.text == option }
  }

  /// Whether no operand stands here.
  var standsAtEnd: Bool {
    token.kind.endsStage || token.kind == .doublePipe || (token.kind.isClosing && !brackets.isEmpty)
  }

  /// Says that operands are missing if none stands here.
  private mutating func require(_ verb: Verb, expecting kind: CompletionPosition.Kind) throws(Unreadable) {
    expect(kind)
    guard standsAtEnd else { return }
    report(.missingOperand, "\(verb.name) needs \(verb.signature.operandNoun)", verbSpan, suggestion: "usage: \(verb.usage)")
    throw Unreadable()
  }

  // MARK: Lists

  /// Items between commas; each that can't be read is skipped up to the next comma.
  mutating func parseItems<Item>(
    of verb: Verb, endsAt endWord: String? = nil, _ parseItem: (inout Parser) throws(Unreadable) -> Item
  ) -> [Item] {
    var items: [Item] = []
    let outer = brackets.count
    while !hasGivenUp {
      do throws(Unreadable) {
        items.append(try parseItem(&self))
      } catch {
        recover(outer: outer, stopsAtComma: true)
      }
      if let endWord { expect(.keyword([endWord])) }
      guard continuesList(of: verb, endsAt: endWord) else { break }
    }
    return items
  }

  /// What stands behind a comma.
  private func itemKind(of verb: Verb) -> CompletionPosition.Kind {
    switch verb.signature {
    case .columns, .bindings: .column
    case .renames: .nothing
    default: .expression(.stage(verb.id))
    }
  }

  /// Consumes the comma between two items, or says that it is missing where another item stands; false at the list's end.
  private mutating func continuesList(of verb: Verb, endsAt endWord: String?) -> Bool {
    if token.kind == .comma {
      mark(token.span, .punctuation)
      advance()
      skipNewlines()
      if token.kind == .endOfText {
        expect(itemKind(of: verb))
        leaveOpen(.comma)
      }
      if standsAtEnd {
        report(.missingOperand, "nothing stands behind the comma", SourceSpan(start: max(0, previousEnd - 1), end: previousEnd))
        return false
      }
      return true
    }
    if let endWord, isWord(endWord) { return false }
    guard token.kind == .name || token.kind == .quotedName else { return false }
    if adviceOnClause(text(of: token), verb: verb) != nil { return false }
    let next = peek()
    let bindsNext = next.kind == .assign
    if !bindsNext, token.kind == .name, VerbRegistry.verb(named: text(of: token)) != nil { return false }
    guard bindsNext || next.kind == .comma || next.kind.endsStage || next.kind == .openParenthesis else { return false }
    report(
      .missingComma, "a comma is missing before \(description(of: token))", token.span,
      suggestion: endWord.map { "or write \($0) \(text(of: token))" } ?? adviceOnOddName())
    guard verb.signature == .renames, !bindsNext else { return true }
    // The rest of a name is no column to be renamed.
    while token.kind == .name || token.kind == .number, !isOnNewLine { skipToken() }
    return continuesList(of: verb, endsAt: endWord)
  }

  // MARK: Bindings and columns

  /// `name = expression`, or an expression alone.
  mutating func parseBinding(verb: Verb) throws(Unreadable) -> BindingSyntax {
    if verb.signature == .bindings { expect(.column) }
    let name = try parseBindingName(of: verb)
    let binding = BindingSyntax(name: name, value: try parseExpression(.stage(verb.id)))
    bindings.append(binding)
    return binding
  }

  private mutating func parseBindingName(of verb: Verb) throws(Unreadable) -> Name? {
    let next = peek()
    guard next.kind == .assign || next.kind == .colon else {
      guard let odd = parseOddNewName() else { return nil }
      advance()
      skipNewlines()
      return odd
    }
    guard let name = nameOfToken() else {
      report(.missingName, "what stands before = is no column name", token.span, suggestion: "odd names stand in backticks")
      throw Unreadable()
    }
    mark(name.span, .newName)
    advance()
    mark(token.span, .operation)
    if token.kind == .colon { report(.foreignOperator, "a column is bound by =", token.span, suggestion: "use =") }
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    return name
  }

  /// The column name that the current token is, if it is one.
  mutating func nameOfToken() -> Name? {
    switch token.kind {
    case .name:
      let name = text(of: token)
      return Keywords.inExpressions.contains(name) ? nil : Name(name, span: token.span)
    case .quotedName: return Name(quotedNameText(of: token), span: token.span)
    default: return nil
    }
  }

  func quotedNameText(of token: Token) -> String {
    text((token.start + 1)..<max(token.start + 1, token.end - 1)).split(separator: "``", omittingEmptySubsequences: false).joined(
      separator: "`")
  }

  /// A column name where nothing else can stand.
  mutating func parseColumnName() throws(Unreadable) -> Name {
    expect(.column)
    guard let name = nameOfToken() else {
      reportMissingColumn()
      throw Unreadable()
    }
    mark(name.span, .column)
    advance()
    return name
  }

  mutating func reportMissingColumn() {
    if reportLexicalMistake() { return }
    let isKeyword = token.kind == .name
    report(
      .expectedColumn, "expected a column name, not \(description(of: token))", place,
      suggestion: isKeyword
        ? "in backticks it is a name: `\(text(of: token))`"
        : token.kind == .string ? "odd names stand in backticks: \(printedName(stringText(of: token)))" : adviceOnNumberAsName())
  }

  /// A name or a pattern such as `price_*`.
  mutating func parseColumnPattern() throws(Unreadable) -> ColumnPattern {
    expect(.column)
    if let end = endOfWildcard() {
      let span = SourceSpan(start: token.start, end: end)
      let pattern = ColumnPattern(text(span.start..<end), isWildcard: true, span: span)
      mark(span, .column)
      resume(at: end)
      return pattern
    }
    let name = try parseColumnName()
    return ColumnPattern(name.text, isWildcard: false, span: name.span)
  }

  /// The end of a run of name bytes and `*` that starts at the current token and holds a `*`; nil if none does.
  func endOfWildcard() -> Int? {
    guard token.kind == .name || token.kind == .star else { return nil }
    var end = token.start
    var hasStar = false
    while end < bytes.count, bytes[end].continuesName || bytes[end] == UInt8(ascii: "*") {
      if bytes[end] == UInt8(ascii: "*") { hasStar = true }
      end += 1
    }
    return hasStar ? end : nil
  }

  private mutating func parseSelection(of verb: Verb) -> [SelectionItem] {
    parseItems(of: verb) { parser throws(Unreadable) in try parser.parseSelectionItem(verb: verb) }
  }

  private mutating func parseSelectionItem(verb: Verb) throws(Unreadable) -> SelectionItem {
    guard let end = endOfWildcard() else { return .binding(try parseBinding(verb: verb)) }
    guard end == token.start + 1 else { return .pattern(try parseColumnPattern()) }
    let star = token.span
    mark(star, .column)
    advance()
    expect(.keyword(["except"]))
    if goesOn(with: ["except", "exclude"]) { skipNewlines() }
    guard isWord("except") || isWord("exclude") else { return .all(except: [], span: star) }
    if isWord("exclude") { report(.foreignKeyword, "\"exclude\" is not known", token.span, suggestion: "use except") }
    mark(token.span, .keyword)
    advance()
    let exceptions = try parseExceptions()
    return .all(except: exceptions, span: SourceSpan(start: star.start, end: previousEnd))
  }

  /// The columns behind `except`: in parentheses, or every plain name and pattern up to a binding or the end.
  private mutating func parseExceptions() throws(Unreadable) -> [ColumnPattern] {
    let isEnclosed = token.kind == .openParenthesis
    if isEnclosed { open() }
    var patterns = [try parseColumnPattern()]
    while token.kind == .comma {
      var ahead = self
      ahead.advance()
      ahead.skipNewlines()
      if !isEnclosed, ahead.peek().kind == .assign { break }
      mark(token.span, .punctuation)
      advance()
      skipNewlines()
      if token.kind == .endOfText { leaveOpen(.comma) }
      patterns.append(try parseColumnPattern())
    }
    if isEnclosed { try close(.closeParenthesis) }
    return patterns
  }

  /// The name of a column that is made, where nothing else can stand.
  private mutating func parseNewColumn(of verb: Verb) throws(Unreadable) -> Name {
    guard let name = nameOfToken() else {
      reportMissingColumn()
      throw Unreadable()
    }
    mark(name.span, .newName)
    advance()
    return name
  }

  /// The name that a dataset gets, if one stands here; the word of another stage is none.
  private mutating func parseNewDataset() -> Operands {
    expect(.nothing)
    guard token.kind == .name, VerbRegistry.verb(named: text(of: token)) == nil else { return .none }
    let name = parseNewName(of: "dataset")
    datasets.insert(name.text)
    return .newDataset(name)
  }

  private mutating func parseRename() throws(Unreadable) -> RenameSyntax {
    let odd = parseOddNewName()
    guard let new = odd ?? nameOfToken() else {
      reportMissingColumn()
      throw Unreadable()
    }
    mark(new.span, .newName)
    if odd == nil { advance() }
    guard token.kind == .assign else {
      if token.kind == .name, isWord("as") || isWord("to") {
        report(.foreignKeyword, "\"\(text(of: token))\" is not known", token.span, suggestion: "write rename NEW = \(new.text)")
      } else {
        report(.missingOperand, "the = and the old name are missing", place, suggestion: "write rename NEW = \(new.text)")
      }
      throw Unreadable()
    }
    mark(token.span, .operation)
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    return RenameSyntax(new: new, old: try parseColumnName())
  }
}
