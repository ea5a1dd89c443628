// Reads windows: what stands behind `over`.
import DshDiagnostics

extension Parser {
  /// Whether a window stands behind a call.
  func standsAtWindow(behind operand: ExpressionSyntax) -> Bool {
    guard case .call = operand.kind else { return false }
    return isWord("over") && peek().kind == .openParenthesis
  }

  /// `over (…)`.
  mutating func parseWindow(of call: Measured) throws(Unreadable) -> Measured {
    mark(token.span, .keyword)
    advance()
    open()
    var depth = call.depth
    var keys: [ExpressionSyntax] = []
    if consumeWindowWord("by") {
      repeat {
        let key = try parseOperation(from: 0)
        keys.append(key.syntax)
        depth = max(depth, key.depth)
      } while consumeComma()
    }
    var sort: [SortKeySyntax] = []
    if consumeWindowWord("sort") {
      repeat {
        let key = try parseWindowSortKey()
        sort.append(key.syntax)
        depth = max(depth, key.depth)
      } while consumeComma()
    }
    let frame = consumeWindowWord("rows") ? try parseFrame() : nil
    if token.kind != .closeParenthesis, token.kind != .endOfText, token.kind == .name {
      report(
        .unexpectedText, "\"\(text(of: token))\" is no part of a window", token.span,
        suggestion: "in this order: over (by KEY, … sort KEY, … rows N before)")
      throw Unreadable()
    }
    try close(.closeParenthesis)
    let span = SourceSpan(start: call.syntax.span.start, end: previousEnd)
    let window = WindowSyntax(keys: keys, sort: sort, frame: frame, span: span)
    return Measured(.window(call.syntax, window), span, depth: depth + 1)
  }

  private mutating func consumeWindowWord(_ word: String) -> Bool {
    expect(.keyword(["by", "sort", "rows"]))
    guard isWord(word) else { return false }
    mark(token.span, .keyword)
    advance()
    return true
  }

  private mutating func consumeComma() -> Bool {
    guard token.kind == .comma else { return false }
    advance()
    return true
  }

  private mutating func parseWindowSortKey() throws(Unreadable) -> (syntax: SortKeySyntax, depth: Int) {
    let key = try parseOperation(from: 0)
    expect(.keyword(["desc", "asc"]))
    let isDescending = isWord("desc")
    if isWord("desc") || isWord("asc") {
      mark(token.span, .keyword)
      advance()
    }
    let span = SourceSpan(start: key.syntax.span.start, end: max(key.syntax.span.end, previousEnd))
    return (SortKeySyntax(key.syntax, isDescending: isDescending, span: span), key.depth)
  }

  /// `all`, `all before`, `3 before`, `3 before 3 after`, `3 after`.
  private mutating func parseFrame() throws(Unreadable) -> FrameSyntax {
    if isWord("all"), !isWord("before", peek()), !isWord("after", peek()) {
      mark(token.span, .keyword)
      advance()
      return FrameSyntax(before: nil, after: nil)
    }
    var frame = FrameSyntax(before: 0, after: 0)
    var isKnown = false
    if let before = try parseFrameEnd("before") {
      frame.before = before
      isKnown = true
    }
    if let after = try parseFrameEnd("after") {
      frame.after = after
      isKnown = true
    }
    guard isKnown else {
      report(
        .missingOperand, "which rows of the window", place,
        suggestion: "such as rows 6 before, rows 3 before 3 after, rows all before, rows all")
      throw Unreadable()
    }
    return frame
  }

  /// A number of rows on one side, or `all`; nil if nothing is said of that side.
  private mutating func parseFrameEnd(_ side: String) throws(Unreadable) -> Int?? {
    guard isWord(side, peek()), token.kind == .number || isWord("all") else { return nil }
    defer {
      mark(token.span, .keyword)
      advance()
    }
    if isWord("all") {
      mark(token.span, .keyword)
      advance()
      return .some(nil)
    }
    let span = token.span
    guard case .literal(.int64(let number)) = readNumber(bytes[token.start..<token.end], isNegative: false, span: span),
      0...Limits.rows ~= number
    else {
      report(.invalidCount, "a number of rows is a whole number from 0 to \(Limits.rows)", span)
      throw Unreadable()
    }
    return .some(Int(number))
  }
}
