// Binds expressions: columns, operators, calls, casts, definitions.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// The bound expression over a schema, or nil after reporting why not.
  public mutating func bind(_ syntax: ExpressionSyntax, over schema: Schema) -> Expression? {
    var scope = Scope(schema)
    return bind(syntax, in: &scope).flatMap { checkDepth(of: $0, span: syntax.span) }
  }

  /// The expression, or nil after reporting that definitions have made it too deep.
  mutating func checkDepth(of expression: Expression, span: SourceSpan) -> Expression? {
    guard expression.depth > Expression.depthLimit else { return expression }
    reportDepth(span)
    return nil
  }

  private mutating func reportDepth(_ span: SourceSpan) {
    // Each operand of the deepest level would say so.
    if saysTooDeep { return }
    saysTooDeep = true
    report(
      Diagnostic(
        .expressionTooDeep, .user, "the expression has more than \(Expression.depthLimit) levels once its definitions stand in it",
        span: span, suggestion: "compute parts of it in columns first: map part = …"))
  }

  /// The bound operand of a stage that works on a column: a constant that is called like one is refused.
  public mutating func bindOperand(_ syntax: ExpressionSyntax, over schema: Schema) -> Expression? {
    guard let bound = bind(syntax, over: schema), !refuseName(syntax, boundTo: bound, over: schema) else { return nil }
    return bound
  }

  /// A constant (`let`, `rows`, counts), or nil after reporting why not.
  public mutating func bindConstant(_ syntax: ExpressionSyntax) -> Value? {
    var scope = Scope(Schema([]))
    guard let expression = bind(syntax, in: &scope) else { return nil }
    return evaluate(expression, at: syntax.span)
  }

  mutating func evaluate(_ expression: Expression, at span: SourceSpan) -> Value? {
    if case .literal(let value, _) = expression { return value }
    do {
      return try functions.evaluateConstant(expression)
    } catch let diagnostic as Diagnostic {
      report(diagnostic.at(span))
    } catch {
      report(Diagnostic(.badConstant, "this can't be computed: \(error)", span: span))
    }
    return nil
  }

  mutating func bind(_ syntax: ExpressionSyntax, in scope: inout Scope) -> Expression? {
    let span = scope.blamed ?? syntax.span
    level += 1
    defer { level -= 1 }
    guard level <= Expression.depthLimit else {
      reportDepth(span)
      return nil
    }
    switch syntax.kind {
    case .literal(let literal): return bind(literal)
    case .column(let name): return bindColumn(name, span: span, in: scope)
    case .parameter(let name): return bindParameter(name, span: span)
    case .unary(.negate, let operand):
      if let number = syntax.integerLiteral { return .literal(.int64(number), .int64) }
      return bindCall("neg", [operand], span: span, in: &scope)
    case .unary(.not, let operand): return bindCall("not", [operand], span: span, in: &scope)
    case .binary(let op, let left, let right): return bindBinary(op, left, right, span: span, in: &scope)
    case .call(let name, let arguments): return bindNamedCall(name, arguments, span: span, in: &scope)
    case .restricted(let call, let condition): return bindRestricted(call, where: condition, span: span, in: &scope)
    case .columns(let columns):
      report(
        Diagnostic(
          .expectedColumn, .user, "columns by a pattern stand in agg, map and select", span: span,
          suggestion: "name one column instead of \(columns.pattern.text)"))
      return nil
    case .cast(let operand, let type):
      let bound = bind(operand, in: &scope)
      guard let target = bindType(type, span: scope.blamed ?? type.span), let bound else { return nil }
      return cast(bound, to: target, isTry: false, span: span)
    case .member(let operand, let field):
      if let name = syntax.dottedName, scope.lambdaParameters.isEmpty, isDottedColumn(name, in: scope.schema) {
        reportUnknownColumn(name, span: span, schema: scope.schema)
        return nil
      }
      guard let bound = bind(operand, in: &scope) else { return nil }
      return bindMember(bound, field, span: span)
    case .index(let operand, let index): return bindCall("[]", [operand, index], span: span, in: &scope)
    case .inList(let operand, let members, let isNegated):
      guard let found = bindIn(operand, members, span: span, in: &scope) else { return nil }
      return isNegated ? .call("not", [found], .bool) : found
    case .between(let operand, let low, let high, let isNegated):
      guard let found = bindComparison("between", [operand, low, high], span: span, in: &scope) else { return nil }
      return isNegated ? .call("not", [found], .bool) : found
    case .list(let members): return bindCall("list", members, span: span, in: &scope)
    case .window(let call, let window): return bindWindow(call, window, span: span, in: &scope)
    case .structure(let fields): return bindStructure(fields, span: span, in: &scope)
    case .lambda:
      reportMisplacedLambda(span)
      return nil
    case .error: return nil
    }
  }

  private func bind(_ literal: Literal) -> Expression {
    switch literal {
    case .null: .literal(.null, .null)
    case .bool(let flag): .literal(.bool(flag), .bool)
    case .int64(let number): .literal(.int64(number), .int64)
    case .float64(let number): .literal(.float64(number), .float64)
    case .string(let text): .literal(.string(text), .string)
    }
  }

  mutating func bindColumn(_ name: String, span: SourceSpan, in scope: Scope) -> Expression? {
    if let parameter = scope.lambdaParameters[name] { return parameter }
    if let locals = scope.locals {
      if let local = locals[name] { return local }
      report(
        Diagnostic(
          .unknownColumn, "no parameter \"\(name)\"; a definition sees its parameters, not columns", span: span,
          suggestion: nearestName(to: name, in: locals.keys.sorted()).map(didYouMean)))
      return nil
    }
    if brokenColumns.contains(name) { return nil }
    if let index = scope.schema.index(of: name) { return .column(index, scope.schema[index].type) }
    if !scope.lambdaParameters.isEmpty {
      let known = scope.lambdaParameters.keys.sorted() + scope.schema.names
      report(
        Diagnostic(
          .unknownColumn, "no parameter or column \"\(name)\"", span: span,
          suggestion: nearestName(to: name, in: known).map { didYouMean(printedName($0)) },
          notes: [listing(of: known, as: "known here")]))
      return nil
    }
    reportUnknownColumn(name, span: span, schema: scope.schema)
    return nil
  }

  mutating func reportUnknownColumn(_ name: String, span: SourceSpan, schema: Schema) {
    if brokenColumns.contains(name) { return }
    let known = schema.names + brokenColumns.sorted()
    // The beginning of an odd name is taken for all of it where the name has no backticks.
    let begun = known.first { $0 == name || $0.hasPrefix(name + " ") || $0.hasPrefix(name + ".") || $0.hasPrefix(name + "-") }
    var suggestion = (begun ?? nearestName(to: name, in: known)).map { didYouMean(printedName($0)) }
    if name == "desc" || name == "asc" { suggestion = "\(name) stands right behind its key, without a comma" }
    if suggestion == nil, parameters[name] != nil { suggestion = "did you mean $\(name)?" }
    if known.isEmpty, suggestion == nil { suggestion = "a text needs quotes: \"\(name)\"" }
    report(
      Diagnostic(
        .unknownColumn, "no column \"\(name)\"", span: span, suggestion: suggestion,
        notes: known.isEmpty ? [] : [listing(of: known, as: "columns")]))
  }

  /// `columns: a, b, c`, cut where it gets long.
  func listing(of names: [String], as title: String) -> String {
    let shownLimit = 12
    let shown = names.prefix(shownLimit).joined(separator: ", ")
    return "\(title): \(shown)\(names.count > shownLimit ? ", … (\(names.count) in all)" : "")"
  }

  private mutating func bindParameter(_ name: String, span: SourceSpan) -> Expression? {
    switch parameters[name] {
    case .value(let value): return .literal(value, value.type)
    case .pending:
      report(.pendingScalar(name, span: span))
      return nil
    case nil: break
    }
    let known = parameters.keys.sorted()
    report(
      Diagnostic(
        .unknownParameter, "no scalar \"$\(name)\"", span: span,
        suggestion: nearestName(to: name, in: known).map { "did you mean $\($0)?" } ?? "make one with: let \(name) = …",
        notes: known.isEmpty ? [] : [listing(of: known.map { "$" + $0 }, as: "scalars")]))
    return nil
  }

  mutating func bindType(_ name: Name, span: SourceSpan) -> DataType? {
    if let type = DataType(name: name.text) { return type }
    report(
      Diagnostic(
        .unknownType, "no type \"\(name.text)\"", span: span,
        suggestion: nearestName(to: name.text, in: DataType.askableNames).map(didYouMean),
        notes: [listing(of: DataType.askableNames, as: "types")]))
    return nil
  }

  /// Whether names around dots stand for a column whose name has dots, or for one like it, and none of them for a struct.
  private func isDottedColumn(_ name: String, in schema: Schema) -> Bool {
    guard let first = name.split(separator: ".").first, schema.index(of: String(first)) == nil else { return false }
    return schema.index(of: name) != nil || nearestName(to: name, in: schema.names).map { $0.contains(".") } ?? false
  }

  /// Refuses a constant in a place where only a column makes sense if a column is called like it: it is the name that was meant.
  mutating func refuseName(_ syntax: ExpressionSyntax, boundTo expression: Expression, over schema: Schema) -> Bool {
    guard expression.isConstant, let literal = syntax.literal(namedIn: schema) else { return false }
    let kind = if case .literal(.string) = literal.syntax.kind { "text" } else { "number" }
    report(
      Diagnostic(
        .constantForColumn, "this is a \(kind), not the column of that name", span: literal.syntax.span,
        suggestion: adviceOnQuotedName(literal.name)))
    return true
  }

  private mutating func bindStructure(_ fields: [FieldSyntax], span: SourceSpan, in scope: inout Scope) -> Expression? {
    var arguments: [Expression] = []
    var types: [Field] = []
    for field in fields {
      if types.contains(where: { $0.name.isExactly(field.name.text) }) {
        report(Diagnostic(.nameTaken, "two fields are called \"\(field.name.text)\"", span: scope.blamed ?? field.name.span))
        return nil
      }
      guard let value = bind(field.value, in: &scope) else { return nil }
      arguments += [.literal(.string(field.name.text), .string), value]
      types.append(Field(field.name.text, value.type))
    }
    return call("struct", arguments, .structure(types), span: span)
  }

  private mutating func bindMember(_ operand: Expression, _ field: Name, span: SourceSpan) -> Expression? {
    guard case .structure(let fields) = operand.type else {
      report(Diagnostic(.wrongType, "only a struct has fields; this is \(operand.type.name)", span: span))
      return nil
    }
    guard let found = fields.first(where: { $0.name.isExactly(field.text) }) else {
      report(
        Diagnostic(
          .unknownField, "no field \"\(field.text)\"", span: field.span,
          suggestion: nearestName(to: field.text, in: fields.map(\.name)).map(didYouMean),
          notes: [listing(of: fields.map(\.name), as: "fields")]))
      return nil
    }
    return .call("field", [operand, .literal(.string(field.text), .string)], found.type)
  }
}

extension ExpressionSyntax {
  /// Names joined by dots: `Sepal.Length`; nil if it is anything else.
  fileprivate var dottedName: String? {
    switch kind {
    case .column(let name): name
    case .member(let operand, let field): operand.dottedName.map { "\($0).\(field.text)" }
    default: nil
    }
  }

  /// The first text or number in it that is the name of a column.
  func literal(namedIn schema: Schema) -> (name: String, syntax: ExpressionSyntax)? {
    let name: String? =
      switch kind {
      case .literal(.string(let text)): text
      case .literal(.int64(let number)): String(number)
      default: nil
      }
    if let name, schema.index(of: name) != nil { return (name, self) }
    return parts.lazy.compactMap { $0.literal(namedIn: schema) }.first
  }

  /// The parts without parts of their own.
  private var leaves: [ExpressionSyntax] {
    // Once: the parts of a lambda are leaves of its body, so that looking twice would take twice as long with each level.
    let parts = parts
    return parts.isEmpty ? [self] : parts.flatMap(\.leaves)
  }

  var isLambda: Bool { if case .lambda = kind { true } else { false } }

  /// The expressions it is made of, from left to right.
  public var parts: [ExpressionSyntax] {
    switch kind {
    case .literal, .column, .columns, .parameter, .error: []
    case .restricted(let call, let condition): [call, condition]
    case .unary(_, let operand), .cast(let operand, _), .member(let operand, _): [operand]
    case .binary(_, let left, let right), .index(let left, let right): [left, right]
    case .call(_, let arguments), .list(let arguments): arguments
    case .structure(let fields): fields.map(\.value)
    // A parameter is no part that stands for itself, so that those of a lambda are what its body takes from around it.
    case .lambda(let parameters, let body): body.leaves.filter { leaf in !parameters.contains { $0.text == leaf.columnName } }
    case .inList(let operand, let members, _): [operand] + members
    case .between(let operand, let low, let high, _): [operand, low, high]
    case .window(let call, let window): [call] + window.keys + window.sort.map(\.expression)
    }
  }
}
