// Writes an expression in its canonical form, with no more parentheses than its meaning needs.
import DshDiagnostics

extension ExpressionSyntax {
  /// The canonical text; parsing it gives this tree again, places apart.
  public var printed: String {
    var text = ""
    write(to: &text, above: 0)
    return text
  }

  /// The canonical text where it stands beside a comparison.
  var printedBesideComparison: String {
    var text = ""
    write(to: &text, above: Self.comparisonPrecedence + 1)
    return text
  }

  private static let notPrecedence = 3
  private static let comparisonPrecedence = 4
  private static let negatePrecedence = 8
  private static let postfixPrecedence = 9

  /// How tightly the outermost operator binds; a primary binds tightest.
  private var precedence: Int {
    switch kind {
    case .binary(let op, _, _): op.precedence
    case .unary(.not, _): Self.notPrecedence
    case .unary(.negate, _): Self.negatePrecedence
    case .inList, .between: Self.comparisonPrecedence
    // The condition goes on as far as it can.
    case .restricted: 0
    default: Self.postfixPrecedence
    }
  }

  /// Appends the text, in parentheses if it binds less tightly than `minimum`.
  private func write(to text: inout String, above minimum: Int) {
    if precedence < minimum {
      text += "("
      writeBare(to: &text)
      text += ")"
    } else {
      writeBare(to: &text)
    }
  }

  private func writeBare(to text: inout String) {
    switch kind {
    case .literal(let literal): text += literal.printed
    case .column(let name): text += printedName(name)
    case .parameter(let name): text += "$" + name
    case .unary(let op, let operand): Self.write(op, operand, to: &text)
    case .binary(let op, let left, let right): Self.write(op, left, right, to: &text)
    case .call(let function, let arguments):
      text += function.text
      Self.write(arguments, between: "(", and: ")", to: &text)
    case .restricted(let call, let condition):
      call.write(to: &text, above: Self.postfixPrecedence)
      text += " where "
      condition.write(to: &text, above: 1)
    case .columns(let columns): text += columns.printed
    case .cast(let operand, let type):
      operand.write(to: &text, above: Self.postfixPrecedence)
      text += "::" + type.text
    case .member(let operand, let field):
      operand.write(to: &text, above: Self.postfixPrecedence)
      text += "." + printedName(field.text)
    case .index(let operand, let index):
      operand.write(to: &text, above: Self.postfixPrecedence)
      Self.write([index], between: "[", and: "]", to: &text)
    case .inList(let operand, let items, let isNegated):
      operand.write(to: &text, above: Self.comparisonPrecedence + 1)
      text += isNegated ? " not in " : " in "
      if items.count == 1, case .parameter = items[0].kind { return items[0].write(to: &text, above: Self.postfixPrecedence) }
      Self.write(items, between: "[", and: "]", to: &text)
    case .between(let operand, let low, let high, let isNegated):
      operand.write(to: &text, above: Self.comparisonPrecedence + 1)
      text += isNegated ? " not between " : " between "
      low.write(to: &text, above: Self.comparisonPrecedence + 1)
      text += " and "
      high.write(to: &text, above: Self.comparisonPrecedence + 1)
    case .list(let items): Self.write(items, between: "[", and: "]", to: &text)
    case .window(let call, let window): text += call.printed + " over (" + window.printed + ")"
    case .structure(let fields):
      text += "{"
      for (index, field) in fields.enumerated() {
        text += (index > 0 ? ", " : "") + printedName(field.name.text) + ": "
        field.value.write(to: &text, above: 0)
      }
      text += "}"
    case .lambda(let parameters, let body):
      let names = parameters.map { printedName($0.text) }.joined(separator: ", ")
      text += parameters.count == 1 ? names : "(\(names))"
      text += " -> "
      body.write(to: &text, above: 0)
    case .error: text += "…"
    }
  }

  private static func write(_ op: UnaryOperator, _ operand: ExpressionSyntax, to text: inout String) {
    switch op {
    case .not:
      text += "not "
      operand.write(to: &text, above: notPrecedence)
    case .negate:
      text += "-"
      // A minus sign behind it would read `--`, which starts an option; a digit would make it the sign of the number alone.
      var inner = ""
      operand.write(to: &inner, above: negatePrecedence)
      text += inner.utf8.first.map { $0 == UInt8(ascii: "-") || $0.isDigit } == true ? "(" + inner + ")" : inner
    }
  }

  private static func write(_ op: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, to text: inout String) {
    // Binary operators group to the left, so the right operand needs one level more; comparisons don't chain at all.
    left.write(to: &text, above: op.isComparison ? op.precedence + 1 : op.precedence)
    text += " " + op.rawValue + " "
    right.write(to: &text, above: op.precedence + 1)
  }

  private static func write(_ items: [ExpressionSyntax], between open: String, and close: String, to text: inout String) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += ", " }
      item.write(to: &text, above: 0)
    }
    text += close
  }
}

extension ColumnsSyntax {
  /// The canonical text.
  public var printed: String {
    var text = pattern.text
    if let type { text += ":" + type.text }
    if exceptions.isEmpty { return text }
    let names = exceptions.map { $0.isWildcard ? $0.text : printedName($0.text) }
    return text + " except " + (names.count == 1 ? names[0] : "(" + names.joined(separator: ", ") + ")")
  }
}

extension Literal {
  /// The canonical text.
  public var printed: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int64(let value): String(value)
    case .float64(let value): printedFloat(value)
    case .string(let value): printedString(value)
    }
  }
}

/// A float that reads back as the same float; infinity, which has no literal, is written as a literal too large.
private func printedFloat(_ value: Double) -> String {
  if value.isInfinite { return value < 0 ? "-1e999" : "1e999" }
  return "\(value)"
}
