// Binds operators and calls: finds the overload, makes its casts explicit, expands definitions, meets aggregates.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  mutating func bindBinary(
    _ op: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    switch op {
    case .equal, .notEqual:
      for (side, other) in [(left, right), (right, left)] where side.kind == .literal(.null) {
        // A comparison with the word null asks for nulls; with a null value it stays null.
        return bindCall(op == .equal ? "is_null" : "is_not_null", [other], span: span, in: &scope)
      }
      return bindComparison(op.rawValue, [left, right], span: span, in: &scope)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return bindComparison(op.rawValue, [left, right], span: span, in: &scope)
    default: return bindCall(op.rawValue, [left, right], span: span, in: &scope)
    }
  }

  /// A comparison: a text constant compared with a date or timestamp is read as one.
  mutating func bindComparison(
    _ name: String, _ operands: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    var bound: [Expression] = []
    for operand in operands {
      guard let expression = bind(operand, in: &scope) else { continue }
      bound.append(expression)
    }
    guard bound.count == operands.count else { return nil }
    return compare(name, bound, operands, span: span, in: scope)
  }

  /// A comparison of what is bound already; `operands` say where it was written.
  mutating func compare(
    _ name: String, _ bound: [Expression], _ operands: [ExpressionSyntax], span: SourceSpan, in scope: Scope
  ) -> Expression? {
    guard let read = readingTextAsTime(bound, operands, in: scope).map(readingConstantsAsDecimals) else { return nil }
    // Numbers are compared by their exact values, whatever their types: a cast would round large integers.
    if read.allSatisfy({ $0.type.computed == .int64 || $0.type.computed == .float64 }) {
      return call(name, read.map { $0.computed(origin(span)) }, .bool, span: span)
    }
    return resolve(name, read, span: span, written: operands, over: scope.schema)
  }

  mutating func bindIn(
    _ operand: ExpressionSyntax, _ members: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    guard !members.isEmpty else {
      _ = bind(operand, in: &scope)
      return .literal(.bool(false), .bool)
    }
    if let list = scalarList(members), let bound = bind(operand, in: &scope) {
      if list.isEmpty { return .literal(.bool(false), .bool) }
      // Among lists, a list is a member itself.
      if case .list = bound.type {
      } else {
        let values = list.map { Expression.literal($0, $0.type) }
        return compare("in", [bound] + values, [operand] + values.map { _ in members[0] }, span: span, in: scope)
      }
    }
    return bindComparison("in", [operand] + members, span: span, in: &scope)
  }

  /// The members of the scalar that alone stands behind `in`; nil if it is none, or no list.
  func scalarList(_ members: [ExpressionSyntax]) -> [Value]? {
    guard members.count == 1, case .parameter(let name) = members[0].kind, case .list(let list)? = parameters[name]?.value else {
      return nil
    }
    return list
  }

  /// Constants with a fraction beside decimals are the decimals that were typed.
  private func readingConstantsAsDecimals(_ bound: [Expression]) -> [Expression] {
    guard bound.contains(where: { if case .decimal = $0.type { true } else { false } }) else { return bound }
    return bound.map { expression in
      guard case .literal(.float64(let number), _) = expression, let decimal = DecimalNumber(asTyped: number) else { return expression }
      return .literal(.decimal(decimal), decimal.type)
    }
  }

  private mutating func readingTextAsTime(_ bound: [Expression], _ syntax: [ExpressionSyntax], in scope: Scope) -> [Expression]? {
    guard let time = bound.map(\.type).first(where: { $0.isReadFromText }) else { return bound }
    var result: [Expression] = []
    for (expression, syntax) in zip(bound, syntax) {
      guard case .literal(.string(let text), _) = expression else {
        result.append(expression)
        continue
      }
      guard let constant = readTime(expression, for: time) else {
        report(
          Diagnostic(
            .badDate, "not a \(time.name): \"\(text)\"", span: scope.blamed ?? syntax.span,
            suggestion: "write \(time.textExample)"))
        return nil
      }
      result.append(constant)
    }
    return result
  }

  /// A text constant as a date if it is one and a date is asked for, else as a timestamp.
  private func readTime(_ text: Expression, for time: DataType) -> Expression? {
    for type in time == .date ? [DataType.date, .timestamp] : [time.computed] {
      if let value = try? functions.evaluateConstant(.cast(text, to: type, isTry: true)), value != .null {
        return .literal(value, type)
      }
    }
    return nil
  }

  mutating func bindCall(_ name: String, _ arguments: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope) -> Expression? {
    if arguments.contains(where: \.isLambda) { return bindLambdaCall(name, arguments, span: span, in: &scope) }
    var bound: [Expression] = []
    for argument in arguments {
      if let expression = bind(argument, in: &scope) { bound.append(expression) }
    }
    guard bound.count == arguments.count, addZone(to: &bound, of: name, written: arguments, span: span) else { return nil }
    var isResolved = false
    let overClocks = bindOverClocks(name, bound, span: span, written: arguments, over: scope.schema, resolved: &isResolved)
    return isResolved ? overClocks : resolve(name, bound, span: span, written: arguments, over: scope.schema)
  }

  mutating func bindNamedCall(
    _ name: Name, _ arguments: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    let nameSpan = scope.blamed ?? name.span
    if let definition = definitions[name.text] { return expand(definition, arguments, span: span, in: &scope) }
    if let aggregate = aggregate(name.text, over: arguments, in: scope) {
      if !scope.lambdaParameters.isEmpty {
        report(
          Diagnostic(
            .misplacedAggregate, "\(name.text)() is an aggregate over rows; it can't stand in a lambda", span: nameSpan,
            suggestion: "compute it in a column first, or use a function of lists, such as list_sum"))
        return nil
      }
      return bindAggregate(aggregate, arguments, span: span, in: &scope)
    }
    if name.text == "try_cast", arguments.count == 2 { return bindTryCast(arguments, span: span, in: &scope) }
    if functions.signature(of: name.text) == nil, let window = functions.windows.signature(of: name.text) {
      report(
        Diagnostic(
          .misplacedWindow, "\(name.text) is computed over a window", span: nameSpan,
          suggestion: "say over which rows: \(window.usage)"))
      return nil
    }
    guard functions.signature(of: name.text) != nil else {
      for argument in arguments { _ = bind(argument, in: &scope) }
      let known = functions.names + definitions.keys + functions.aggregates.names
      report(
        Diagnostic(
          .unknownFunction, "no function \"\(name.text)\"", span: nameSpan,
          suggestion: (adviceOnFunction(name.text) ?? adviceOnForeignVerb(name.text)).map { .words($0) }
            ?? nearestName(to: name.text, in: known.sorted()).map(didYouMean) ?? "see: help functions"))
      return nil
    }
    if arguments.isEmpty, let moment = moment(name.text) { return moment }
    return bindCall(name.text, arguments, span: span, in: &scope)
  }

  private mutating func bindTryCast(_ arguments: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope) -> Expression? {
    guard let operand = bind(arguments[0], in: &scope) else { return nil }
    let typeName: String
    switch arguments[1].kind {
    case .column(let text), .literal(.string(let text)): typeName = text
    default:
      report(Diagnostic(.unknownType, "the second operand of try_cast is a type", span: arguments[1].span))
      return nil
    }
    guard let type = bindType(Name(typeName, span: arguments[1].span), span: scope.blamed ?? arguments[1].span) else { return nil }
    return cast(operand, to: type, isTry: true, span: span)
  }

  /// Finds the overload and casts the arguments to what it asks for.
  ///
  /// - Parameter written: the arguments as they were typed, for advice.
  mutating func resolve(
    _ name: String, _ arguments: [Expression], span: SourceSpan, written: [ExpressionSyntax], over schema: Schema
  ) -> Expression? {
    guard let signature = functions.signature(of: name) else {
      report(Diagnostic(.unknownFunction, .bug, "the function \"\(name)\" is missing from the registry", span: span))
      return nil
    }
    guard let resolution = signature.resolve(arguments.map(\.type)) else {
      let column = written.lazy.compactMap { $0.parts.isEmpty ? $0.literal(namedIn: schema) : nil }.first?.name
      reportMismatch(signature, arguments, span: span, named: column)
      return nil
    }
    let cast = zip(arguments, resolution.parameters).map { argument, type in
      argument.type == type ? argument : .cast(argument, to: type, isTry: false, origin: origin(span))
    }
    return call(name, cast, resolution.result, span: span)
  }

  /// A call whose arguments have their types, as its value if that is known already.
  mutating func call(_ name: String, _ arguments: [Expression], _ result: DataType, span: SourceSpan) -> Expression? {
    let call = Expression.call(name, arguments, result, origin: origin(span))
    guard call.isConstant, !arguments.isEmpty else { return validated(call, span: span) }
    return evaluate(call, at: span).map { .literal($0, result) }
  }

  /// Catches at bind time what a constant operand makes wrong for every row: a broken regular expression, an unknown unit.
  private mutating func validated(_ call: Expression, span: SourceSpan) -> Expression? {
    do {
      try functions.validate(call)
      return call
    } catch let diagnostic as Diagnostic {
      report(diagnostic.at(span))
    } catch {
      report(Diagnostic(.badConstant, "this can't be computed: \(error)", span: span))
    }
    return nil
  }

  mutating func reportMismatch(_ signature: FunctionSignature, _ arguments: [Expression], span: SourceSpan, named column: String?) {
    // The data of a time zone nobody typed.
    let given = arguments.prefix(signature.parameterNames.last == "zone" ? signature.parameterNames.count : arguments.count).map {
      if case .lambda(_, let types, let body) = $0 { lambdaText(types.count, to: body.type.name) } else { $0.type.name }
    }
    let isOperator = signature.family == .operator || !(signature.name.first?.isLetter ?? false)
    let message: String
    if isOperator, given.count == 2 {
      message = "can't apply \"\(signature.name)\" to \(given[0]) and \(given[1])"
    } else if isOperator {
      message = "can't apply \"\(signature.name == "neg" ? "-" : signature.name)\" to \(given.joined(separator: ", "))"
    } else {
      message = "\(signature.name)(\(given.joined(separator: ", "))) does not fit \(signature.usage)"
    }
    // A text is at home among the arguments of a function, and units are called like columns.
    let column = isOperator ? column : nil
    var suggestion = column.map(adviceOnQuotedName)
    let hasNumber = given.contains { $0 == "int64" || $0 == "float64" }
    if column != nil {
      // What was meant is the column.
    } else if signature.name == "[]", given.first == "string" {
      suggestion = "parts of a text: substr(x, start, length)"
    } else if signature.name == "++" || signature.name == "~" || signature.name == "!~" {
      suggestion = given.contains { $0 != "string" && $0 != "null" } ? "make it a text: x::string" : nil
    } else if isOperator, given.count == 2, given.contains("string"), hasNumber, signature.name != "??", signature.name != "list" {
      suggestion = signature.name == "+" ? "join texts with ++, or cast: x::float64" : "cast the text: x::float64"
    } else if signature.name == "+", given == ["string", "string"] {
      suggestion = "join texts with ++"
    } else if ["and", "or", "not"].contains(signature.name) {
      suggestion = "a condition is bool; compare first, such as x > 0"
    }
    let typed = isOperator ? [] : signature.overloads.filter { !$0.isHidden }
    let overloads = typed.prefix(4).map { "takes: \(signature.name)(\($0.described))" }
    report(Diagnostic(.wrongType, message, span: span, suggestion: suggestion, notes: overloads))
  }

  /// The operand in another type; a cast that can never work is an error.
  mutating func cast(_ operand: Expression, to type: DataType, isTry: Bool, span: SourceSpan) -> Expression? {
    if operand.type == type { return operand }
    guard operand.type.canCast(to: type) else {
      report(Diagnostic(.wrongType, "\(operand.type.name) can't be cast to \(type.name)", span: span))
      return nil
    }
    guard let operand = clock(operand, for: type, span: span) else { return nil }
    let result = Expression.cast(operand, to: type, isTry: isTry, origin: origin(span))
    guard result.isConstant else { return result }
    return evaluate(result, at: span).map { .literal($0, type) }
  }

  private mutating func expand(
    _ definition: Definition, _ arguments: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    guard arguments.count == definition.parameters.count else {
      report(
        Diagnostic(
          .wrongCount,
          "\(definition.name) takes \(definition.parameters.count) operand\(definition.parameters.count == 1 ? "" : "s") (\(definition.parameters.joined(separator: ", "))), \(arguments.count) given",
          span: span))
      return nil
    }
    guard expansionDepth < Definition.depthLimit, expansionCount < Definition.expansionLimit else {
      report(Diagnostic(.definitionTooDeep, "definitions expand too far in \(definition.name)", span: span))
      return nil
    }
    if let lambda = arguments.first(where: \.isLambda) {
      reportMisplacedLambda(lambda.span)
      return nil
    }
    var locals: [String: Expression] = [:]
    for (name, argument) in zip(definition.parameters, arguments) {
      guard let bound = bind(argument, in: &scope) else { return nil }
      locals[name] = bound
    }
    var inner = Binder(functions: functions, parameters: definition.scalars, definitions: definition.visible, source: source)
    inner.now = now
    inner.expansionDepth = expansionDepth + 1
    inner.level = level
    inner.expansionCount = expansionCount + 1
    var innerScope = Scope(scope.schema)
    innerScope.locals = locals
    innerScope.blamed = span
    innerScope.aggregates = scope.aggregates
    innerScope.parameterCount = scope.parameterCount
    let bound = inner.bind(definition.body, in: &innerScope)
    scope.aggregates = innerScope.aggregates
    expansionCount = inner.expansionCount
    diagnostics += inner.diagnostics.map { diagnostic in
      var copy = diagnostic
      copy.notes.append("in the definition of \(definition.name)")
      return copy
    }
    return bound.flatMap { checkDepth(of: $0, span: span) }
  }
}

extension Overload {
  /// `text, int64, …`.
  var described: String {
    let names = parameters.map(\.described)
    let required = names.prefix(names.count - optionalCount)
    // The data of a time zone nobody types: the binder adds it.
    let optional = zip(parameters, names).suffix(optionalCount).filter { $0.0 != .exact(.binary) }.map { "[\($0.1)]" }
    return (required + optional).joined(separator: ", ") + (isVariadic ? ", …" : "")
  }
}

extension TypePattern {
  var described: String {
    switch self {
    case .exact(let type): type.name
    case .any, .variable, .ordered: "any"
    case .decimal, .decimalResult: "decimal"
    case .list(let element): "list<\(element.described)>"
    case .map(let key, let value): "map<\(key.described), \(value.described)>"
    case .structure, .record: "struct"
    case .lambda(let parameters, let result): lambdaText(parameters.count, to: result.described)
    }
  }
}

extension Expression {
  /// The expression in the type that its own is computed in.
  func computed(_ origin: ExpressionOrigin) -> Expression {
    type == type.computed ? self : .cast(self, to: type.computed, isTry: false, origin: origin)
  }
}

extension DataType {
  /// Whether a text constant beside a value of the type is read as one of it.
  var isReadFromText: Bool {
    switch self {
    case .date, .timestamp, .instant, .time, .duration: true
    default: false
    }
  }

  /// How such a text looks.
  fileprivate var textExample: String {
    switch self {
    case .date: "2024-01-31"
    case .time: "10:00:00"
    case .duration: "26:30:00"
    default: "2024-01-31 10:00:00"
    }
  }

  /// Whether a cast exists at all; single values may still fail.
  public func canCast(to type: DataType) -> Bool {
    switch (self, type) {
    case (.null, _), (_, .string), (.string, .binary): return true
    case (.string, .list), (.string, .structure), (.string, .map), (.string, .null): return false
    case (.string, _): return true
    case (.bool, _) where type.isNumeric, (_, .bool) where isNumeric: return true
    case (_, _) where isNumeric && type.isNumeric: return true
    case (.date, .timestamp), (.date, .instant), (.timestamp, .date), (.instant, .date): return true
    case (.time, .time), (.duration, .duration), (.timestamp, .time), (.instant, .time): return true
    case (.list(let a), .list(let b)): return a.canCast(to: b)
    case (.map(let key, let value), .map(let otherKey, let otherValue)): return key.canCast(to: otherKey) && value.canCast(to: otherValue)
    case (.structure(let fields), .structure(let others)):
      return others.allSatisfy { other in fields.first { $0.name.isExactly(other.name) }.map { $0.type.canCast(to: other.type) } ?? true }
    default: return self == type || (instant != nil && type.instant != nil)
    }
  }
}
