// Reads expressions by precedence climbing: operators here, what they join in Primaries.swift.
import DshDiagnostics

/// An expression and how deep its tree is.
struct Measured {
  var syntax: ExpressionSyntax
  var depth: Int

  init(_ kind: ExpressionSyntax.Kind, _ span: SourceSpan, depth: Int = 1) {
    syntax = ExpressionSyntax(kind, span: span)
    self.depth = depth
  }
}

extension Parser {
  static let notPrecedence = 3
  static let comparisonPrecedence = 4

  /// One whole expression.
  mutating func parseExpression(_ place: CompletionPosition.ExpressionPlace, offersColumns: Bool = true) throws(Unreadable)
    -> ExpressionSyntax
  {
    let outer = expressionKind
    expressionKind = offersColumns ? .expression(place) : .nothing
    defer { expressionKind = outer }
    return try parseOperation(from: 0).syntax
  }

  /// An expression whose operators bind at least as tightly as `minimum`.
  mutating func parseOperation(from minimum: Int) throws(Unreadable) -> Measured {
    var left = try parsePrefix()
    while let found = operatorHere(), found.precedence >= minimum {
      if found.precedence == Self.comparisonPrecedence, isComparison(left.syntax), !isEnclosed(left.syntax) { reportChain(left.syntax) }
      left = try parseRight(of: left, found)
      if left.depth > Limits.expressionDepth {
        report(
          .expressionTooDeep, "the expression has more than \(Limits.expressionDepth) levels", token.span,
          suggestion: "use x in [a, b, …], or several stages")
        throw Unreadable()
      }
    }
    // Behind sort keys and aggregates words of their clauses stand.
    if [.expression(.stage(.filter)), .expression(.stage(.map))].contains(expressionKind) { expect(.operation) }
    return left
  }

  private func isComparison(_ syntax: ExpressionSyntax) -> Bool {
    switch syntax.kind {
    case .binary(let op, _, _): op.isComparison
    case .inList, .between: true
    default: false
    }
  }

  /// Whether the expression stood in parentheses of its own.
  private func isEnclosed(_ syntax: ExpressionSyntax) -> Bool {
    enclosedSpans.contains(syntax.span)
  }

  private mutating func reportChain(_ left: ExpressionSyntax) {
    var suggestion: Diagnostic.Suggestion = "join them by and"
    if case .binary(let op, let first, let middle) = left.kind, op.isComparison {
      suggestion = "write \(first.printed) \(op.rawValue) \(middle.printed) and \(middle.printed) \(text(of: token)) …"
    }
    report(.chainedComparison, "comparisons don't chain", token.span, suggestion: suggestion)
  }

  // MARK: Operators

  /// What joins two operands at the current token.
  private enum Found {
    /// The operator takes that many tokens: `is not` takes two.
    case binary(BinaryOperator, tokens: Int = 1)
    case inList(isNegated: Bool)
    case between(isNegated: Bool)

    var precedence: Int {
      switch self {
      case .binary(let op, _): op.precedence
      case .inList, .between: Parser.comparisonPrecedence
      }
    }
  }

  /// The operator at the current token, or nil; those of other languages are reported and taken as ours.
  private mutating func operatorHere() -> Found? {
    switch token.kind {
    case .equal: return .binary(.equal)
    case .notEqual: return .binary(.notEqual)
    case .less: return .binary(.less)
    case .lessOrEqual: return .binary(.lessOrEqual)
    case .greater: return .binary(.greater)
    case .greaterOrEqual: return .binary(.greaterOrEqual)
    case .matches: return .binary(.matches)
    case .notMatches: return .binary(.notMatches)
    case .coalesce: return .binary(.coalesce)
    case .plus: return .binary(.add)
    case .minus: return .binary(.subtract)
    case .plusPlus: return .binary(.concatenate)
    case .star: return .binary(.multiply)
    case .slash: return .binary(.divide)
    case .slashSlash: return .binary(.integerDivide)
    case .percent: return .binary(.remainder)
    case .assign:
      report(.singleEquals, "= binds a name; comparison is ==", token.span, suggestion: "use ==")
      return .binary(.equal)
    case .lessGreater: return foreign("!=", .notEqual)
    case .doubleAmpersand: return foreign("and", .and)
    case .doublePipe: return isInStageEndPosition ? nil : foreign("or (texts are joined by ++)", .or)
    case .name: return wordOperator()
    case .newline where goesOn(with: ["and", "or", "in", "between"]):
      skipNewlines()
      return wordOperator()
    default: return nil
    }
  }

  /// Behind `||` a verb means that a stage was left out, not that `or` was meant.
  private var isInStageEndPosition: Bool {
    let next = peek()
    guard next.kind == .name, brackets.isEmpty else { return false }
    guard VerbRegistry.verb(named: text(of: next)) != nil else { return false }
    var ahead = lexer
    _ = ahead.next()
    let behind = ahead.next().kind
    return behind != .openParenthesis
  }

  private mutating func foreign(_ ours: String, _ op: BinaryOperator) -> Found {
    report(.foreignOperator, "\(text(of: token)) is not known", token.span, suggestion: "use \(ours)")
    return .binary(op)
  }

  private mutating func wordOperator() -> Found? {
    switch text(of: token) {
    case "and": return .binary(.and)
    case "or": return .binary(.or)
    case "in": return .inList(isNegated: false)
    case "between": return .between(isNegated: false)
    case "not":
      let next = peek()
      if isWord("in", next) { return .inList(isNegated: true) }
      if isWord("between", next) { return .between(isNegated: true) }
      if isWord("like", next) {
        reportLike(next)
        return .binary(.notMatches, tokens: 2)
      }
      return nil
    case "like", "ilike", "rlike", "matches", "regexp":
      reportLike(token)
      return .binary(.matches)
    case "AND", "And": return foreign("and", .and)
    case "OR", "Or": return foreign("or", .or)
    case "IN": return foreignWord("in", .inList(isNegated: false))
    case "BETWEEN": return foreignWord("between", .between(isNegated: false))
    case "is", "IS":
      return foreignIs()
    case "mod", "MOD": return foreign("%", .remainder)
    case "div", "DIV": return foreign("//", .integerDivide)
    default: return nil
    }
  }

  private mutating func reportLike(_ token: Token) {
    report(
      .foreignOperator, "\"\(text(of: token))\" is not known", token.span,
      suggestion: "use x ~ \"regular expression\", contains(x, y) or starts_with(x, y)")
  }

  private mutating func foreignWord(_ ours: String, _ found: Found) -> Found {
    report(.foreignOperator, "\(text(of: token)) is not known", token.span, suggestion: "use \(ours)")
    return found
  }

  /// `is null`, `is not null`.
  private mutating func foreignIs() -> Found? {
    let isNegated = isWord("not", peek()) || isWord("NOT", peek())
    var span = token.span
    if isNegated { span = span.union(peek().span) }
    report(.foreignOperator, "\"is\" is not known", span, suggestion: isNegated ? "use != null" : "use == null")
    return .binary(isNegated ? .notEqual : .equal, tokens: isNegated ? 2 : 1)
  }

  // MARK: Right operands

  /// Consumes the operator and what stands behind it.
  private mutating func parseRight(of left: Measured, _ found: Found) throws(Unreadable) -> Measured {
    mark(token.span, token.kind == .name ? .keyword : .operation)
    switch found {
    case .binary(let op, let tokens):
      for _ in 0..<tokens { advance() }
      skipNewlinesBehindOperator()
      if op == .equal || op == .notEqual, case .column(let name) = left.syntax.kind { comparedColumn = name }
      defer { comparedColumn = nil }
      let right = try parseOperation(from: op.precedence + 1)
      return combine(.binary(op, left.syntax, right.syntax), left, right)
    case .inList(let isNegated):
      consumeNegation(isNegated)
      return try parseInList(left, isNegated: isNegated)
    case .between(let isNegated):
      consumeNegation(isNegated)
      let low = try parseOperation(from: Self.comparisonPrecedence + 1)
      guard isWord("and") || isWord("AND") || token.kind == .comma else {
        if token.kind == .endOfText { leaveOpen(.operation) }
        report(.missingOperand, "between needs two bounds", place, suggestion: "write x between low and high")
        throw Unreadable()
      }
      if token.kind == .comma { report(.unexpectedText, "the bounds of between are joined by and", token.span, suggestion: "use and") }
      mark(token.span, .keyword)
      advance()
      skipNewlinesBehindOperator()
      let high = try parseOperation(from: Self.comparisonPrecedence + 1)
      let kind = ExpressionSyntax.Kind.between(left.syntax, low: low.syntax, high: high.syntax, isNegated: isNegated)
      return combine(kind, left, low.depth > high.depth ? Measured(.error, high.syntax.span, depth: low.depth) : high)
    }
  }

  private mutating func consumeNegation(_ isNegated: Bool) {
    if isNegated {
      advance()
      mark(token.span, .keyword)
    }
    advance()
    skipNewlinesBehindOperator()
  }

  private mutating func skipNewlinesBehindOperator() {
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
  }

  private func combine(_ kind: ExpressionSyntax.Kind, _ left: Measured, _ right: Measured) -> Measured {
    Measured(kind, left.syntax.span.union(right.syntax.span), depth: max(left.depth, right.depth) + 1)
  }

  private mutating func parseInList(_ left: Measured, isNegated: Bool) throws(Unreadable) -> Measured {
    let opening = token
    if opening.kind == .parameter {
      // A scalar that is a list stands for its members.
      let list = try parsePrimary()
      let span = left.syntax.span.union(list.syntax.span)
      return Measured(.inList(left.syntax, [list.syntax], isNegated: isNegated), span, depth: max(left.depth, list.depth) + 1)
    }
    guard opening.kind == .openBracket || opening.kind == .openParenthesis else {
      if !reportLexicalMistake() {
        report(
          .missingOperand, "in needs a list", place,
          suggestion: "write x in [a, b] or x in $list; to look into a column of lists use contains(list, x)"
        )
      }
      throw Unreadable()
    }
    if opening.kind == .openParenthesis {
      report(.foreignOperator, "the list of in stands in square brackets", opening.span, suggestion: "use [ … ]")
    }
    open()
    let column: String? = if case .column(let name) = left.syntax.kind { name } else { nil }
    let items = try parseArguments(until: opening.kind == .openBracket ? .closeBracket : .closeParenthesis, comparedWith: column)
    let span = SourceSpan(start: left.syntax.span.start, end: previousEnd)
    return Measured(.inList(left.syntax, items.syntax, isNegated: isNegated), span, depth: max(left.depth, items.depth) + 1)
  }
}
