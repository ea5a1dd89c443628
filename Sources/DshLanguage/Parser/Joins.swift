// Reads what `join` joins: the other dataset and the keys.
import DshDiagnostics

extension Parser {
  mutating func parseJoin(of verb: Verb) throws(Unreadable) -> Operands {
    let right = try parseDataset()
    try consumeWord("on", of: verb)
    let keys = parseItems(of: verb) { parser throws(Unreadable) in try parser.parseJoinKey(right: right) }
    return .join(right: right, on: keys)
  }

  /// `left == right`, `left >= right`, or what both sides have.
  private mutating func parseJoinKey(right: DatasetSyntax) throws(Unreadable) -> JoinKeySyntax {
    let left = try parseJoinKeySide(.column)
    guard let comparison = joinComparison else { return JoinKeySyntax(left: left) }
    if token.kind == .assign { report(.singleEquals, "= binds a name; comparison is ==", token.span, suggestion: "use ==") }
    mark(token.span, .operation)
    advance()
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.operation) }
    let key = JoinKeySyntax(left: left, right: try parseJoinKeySide(.columnOf(right)), comparison: comparison)
    if isWord("and") || isWord("AND") || token.kind == .doubleAmpersand {
      report(.foreignOperator, "keys are separated by commas", token.span, suggestion: "use ,")
      throw Unreadable()
    }
    return key
  }

  private mutating func parseJoinKeySide(_ kind: CompletionPosition.Kind) throws(Unreadable) -> ExpressionSyntax {
    let outer = expressionKind
    expressionKind = kind
    defer { expressionKind = outer }
    return try parseOperation(from: Self.comparisonPrecedence + 1).syntax
  }

  private var joinComparison: BinaryOperator? {
    switch token.kind {
    case .equal, .assign: .equal
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }
}
