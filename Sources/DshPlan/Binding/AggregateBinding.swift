// Binds `agg`: keys, aggregates, and expressions over aggregates.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// An aggregate inside an expression of `agg` becomes a column of the aggregation's result.
  mutating func bindAggregate(
    _ aggregate: AggregateSignature, _ operands: [ExpressionSyntax], where condition: ExpressionSyntax? = nil, span: SourceSpan,
    in scope: inout Scope
  ) -> Expression? {
    guard let collection = scope.aggregates else {
      // Some are functions of several values of one row too, under other names.
      let rowFunction = operands.count > 1 ? aggregate.rowFunction : nil
      report(
        Diagnostic(
          .misplacedAggregate, "\(aggregate.name)() is an aggregate; it belongs in agg", span: span,
          suggestion: rowFunction.map { "of several values: \($0)(…)" } ?? "write: agg \(aggregate.name)(…) by …"))
      return nil
    }
    guard !collection.isInside else {
      report(Diagnostic(.misplacedAggregate, "an aggregate can't stand inside another", span: span))
      return nil
    }
    scope.aggregates?.isInside = true
    defer { scope.aggregates?.isInside = false }
    guard let call = bindAggregateCall(aggregate, operands, where: condition, span: span, in: &scope) else { return nil }
    var calls = collection.calls
    let index: Int
    if let known = calls.firstIndex(of: call) {
      index = known
    } else {
      index = calls.count
      calls.append(call)
    }
    scope.aggregates?.calls = calls
    return .column(collection.keyCount + index, call.type)
  }

  /// An aggregate with its operands bound.
  mutating func bindAggregateCall(
    _ aggregate: AggregateSignature, _ operands: [ExpressionSyntax], where condition: ExpressionSyntax? = nil, span: SourceSpan,
    in scope: inout Scope
  ) -> AggregateCall? {
    guard aggregate.operandCounts.contains(operands.count) else {
      report(Diagnostic(.wrongCount, "\(aggregate.name) takes \(aggregate.operandsText), \(operands.count) given", span: span))
      return nil
    }
    let bound = operands.compactMap { operand in bind(operand, in: &scope).flatMap { checkDepth(of: $0, span: span) } }
    let boundCondition = condition.flatMap { bindCondition($0, in: &scope) }
    guard bound.count == operands.count, (boundCondition == nil) == (condition == nil) else { return nil }
    let both = scope.aggregates?.restriction.map { restriction in boundCondition.map { .conjunction(restriction, $0) } ?? restriction }
    return resolve(aggregate, bound, operands, where: both ?? boundCondition, span: span, over: scope.schema)
  }

  /// `f(x) where condition`.
  mutating func bindRestricted(
    _ call: ExpressionSyntax, where condition: ExpressionSyntax, span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    guard case .call(let name, let operands) = call.kind, definitions[name.text] == nil,
      let aggregate = aggregate(name.text, over: operands, in: scope)
    else {
      report(
        Diagnostic(
          .misplacedAggregate, "where belongs behind an aggregate; \(call.printed) is none", span: span,
          suggestion: "such as count() where …; in parentheses a condition ends"))
      return nil
    }
    return bindAggregate(aggregate, operands, where: condition, span: span, in: &scope)
  }

  private mutating func bindCondition(_ syntax: ExpressionSyntax, in scope: inout Scope) -> Expression? {
    guard let bound = bind(syntax, in: &scope).flatMap({ checkDepth(of: $0, span: syntax.span) }),
      !refuseName(syntax, boundTo: bound, over: scope.schema)
    else { return nil }
    if bound.type == .bool || bound.type == .null { return bound }
    report(
      Diagnostic(
        .wrongType, "where needs a condition (bool), this is \(bound.type.name)", span: scope.blamed ?? syntax.span,
        suggestion: bound.type.isNumeric ? "compare it, such as \(syntax.printed) > 0" : nil))
    return nil
  }

  /// The aggregate that a name stands for; none where a function of the same name is meant, outside of `agg`, inside of another aggregate,
  /// and around one.
  func aggregate(_ name: String, over operands: [ExpressionSyntax], in scope: Scope) -> AggregateSignature? {
    guard let aggregate = functions.aggregates.signature(of: name) else { return nil }
    guard functions.signature(of: name) != nil else { return aggregate }
    guard let collection = scope.aggregates, !collection.isInside, !operands.contains(where: { containsAggregate($0) }) else { return nil }
    return aggregate
  }

  /// Finds the overload, casts the arguments to what it asks for, and computes the constants.
  private mutating func resolve(
    _ aggregate: AggregateSignature, _ operands: [Expression], _ written: [ExpressionSyntax], where condition: Expression?,
    span: SourceSpan, over schema: Schema
  ) -> AggregateCall? {
    let argumentCount = operands.count - aggregate.constantCount
    for (operand, syntax) in zip(operands, written).prefix(argumentCount) where refuseName(syntax, boundTo: operand, over: schema) {
      return nil
    }
    guard let resolution = aggregate.overloads.resolve(operands.map(\.type)) else {
      let types = operands.map(\.type.name).joined(separator: ", ")
      report(
        Diagnostic(
          .wrongType, "\(aggregate.name) is not defined for \(types.isEmpty ? "nothing" : types)", span: span,
          suggestion: operands.map(\.type) == [.string] ? "cast the text: \(aggregate.name)(x::float64)" : nil))
      return nil
    }
    var arguments: [Expression] = []
    var constants: [Value] = []
    for (index, operand) in operands.enumerated() {
      guard let cast = cast(operand, to: resolution.parameters[index], isTry: false, span: span) else { return nil }
      if index < argumentCount {
        arguments.append(cast)
      } else if cast.isConstant {
        guard let value = evaluate(cast, at: span) else { return nil }
        constants.append(value)
      } else {
        report(
          Diagnostic(
            .badConstant, "the \(aggregate.parameterNames[index]) of \(aggregate.usage) is one value for all rows, not a column",
            span: written[index].span))
        return nil
      }
    }
    do {
      try aggregate.checkConstants(constants)
    } catch {
      report(error.at(span))
      return nil
    }
    guard let call = aggregate.call("", arguments, constants: constants, condition: condition, origin: origin(span)) else {
      report(Diagnostic(.wrongType, .bug, "\(aggregate.name) refuses operands of the types that it asks for", span: span))
      return nil
    }
    return call
  }

  /// `agg … by …` over an input: an aggregation and, where an item is more than one aggregate, a projection over it.
  mutating func bindAggregation(_ written: [BindingSyntax], by keys: [BindingSyntax], over input: LogicalPlan) -> LogicalPlan {
    let before = diagnostics.count
    // Keys are the same in every row of a group, so that a pattern does not mean them.
    let items = expand(written, over: input.schema, without: keys.compactMap { $0.value.columnName })
    return bindAggregation(items.map { (item: $0, restriction: nil) }, by: keys, over: input, since: before)
  }

  /// The same of items without patterns, each over the rows alone for which its restriction is true, if it has one.
  ///
  /// - Parameter before: how many mistakes were reported before the items were looked at.
  mutating func bindAggregation(
    _ items: [(item: BindingSyntax, restriction: Expression?)], by keys: [BindingSyntax], over input: LogicalPlan, since before: Int
  ) -> LogicalPlan {
    var boundKeys: [NamedExpression] = []
    var failed = false
    for key in keys {
      if let expression = bindOperand(key.value, over: input.schema) {
        boundKeys.append(NamedExpression(key.outputName, expression))
        switch expression.type {
        case .list, .structure:
          report(Diagnostic(.wrongType, "can't group by \(expression.type.name)", span: key.span))
          failed = true
        default: break
        }
      } else {
        failed = true
      }
    }
    var scope = Scope(input.schema)
    scope.aggregates = AggregateCollection(keyCount: keys.count)
    var results: [NamedExpression] = []
    for (item, restriction) in items {
      scope.aggregates?.restriction = restriction
      guard let expression = bindOverAggregates(item.value, keys: keys, boundKeys: boundKeys, in: &scope) else {
        failed = true
        continue
      }
      results.append(NamedExpression(item.outputName, expression))
    }
    checkUnique(boundKeys.map(\.name) + results.map(\.name), spans: keys.map(\.span) + items.map(\.item.span))
    guard !failed, diagnostics.count == before, let calls = scope.aggregates?.calls else {
      brokenColumns.formUnion(keys.map(\.outputName) + items.map(\.item.outputName))
      return .project(input, boundKeys)
    }
    brokenColumns = []
    let keyColumns = boundKeys.enumerated().map { NamedExpression($1.name, .column($0, $1.expression.type)) }
    let isPlain = results.enumerated().allSatisfy { index, result in
      if case .column(keys.count + index, _) = result.expression { return true }
      return false
    }
    if isPlain, calls.count == results.count {
      let named = zip(calls, results).map { $0.named($1.name) }
      return .aggregate(input, Aggregation(keys: boundKeys, aggregates: named))
    }
    let hidden = calls.enumerated().map { $1.named("aggregate \($0)") }
    return .project(.aggregate(input, Aggregation(keys: boundKeys, aggregates: hidden)), keyColumns + results)
  }

  /// Binds an item of `agg`; a column outside an aggregate must be one of the keys.
  private mutating func bindOverAggregates(
    _ syntax: ExpressionSyntax, keys: [BindingSyntax], boundKeys: [NamedExpression], in scope: inout Scope
  ) -> Expression? {
    let before = diagnostics.count
    guard let bound = bind(syntax, in: &scope).flatMap({ checkDepth(of: $0, span: syntax.span) }) else { return nil }
    guard diagnostics.count == before else { return nil }
    // Columns below keyCount + calls stem from aggregates only if nothing outside an aggregate was a column.
    guard containsAggregate(syntax) else {
      report(
        Diagnostic(
          .missingAggregate, "an item of agg computes one value per group", span: syntax.span,
          suggestion: "wrap it: count(), sum(x), mean(x), min(x), max(x), std(x); a key belongs behind by"))
      return nil
    }
    if let loose = looseColumn(syntax) {
      report(
        Diagnostic(
          .missingAggregate, "a column outside an aggregate has many values per group", span: loose,
          suggestion: "wrap it, such as max(…)"))
      return nil
    }
    return bound
  }

  private func containsAggregate(_ syntax: ExpressionSyntax) -> Bool {
    switch syntax.kind {
    case .call(let name, let arguments):
      if definitions[name.text] == nil, functions.aggregates.signature(of: name.text) != nil { return true }
      if let definition = definitions[name.text], containsAggregate(definition.body) { return true }
      return arguments.contains { containsAggregate($0) }
    default: return syntax.parts.contains { containsAggregate($0) }
    }
  }

  /// The place of a column that is not inside an aggregate.
  private func looseColumn(_ syntax: ExpressionSyntax) -> SourceSpan? {
    switch syntax.kind {
    case .column, .columns: return syntax.span
    case .restricted(let call, _): return looseColumn(call)
    case .call(let name, let arguments):
      if let definition = definitions[name.text] {
        return containsAggregate(definition.body) ? nil : arguments.lazy.compactMap { looseColumn($0) }.first
      }
      if functions.aggregates.signature(of: name.text) != nil {
        // A function of the same name is meant around an aggregate.
        if functions.signature(of: name.text) == nil || !arguments.contains(where: { containsAggregate($0) }) { return nil }
      }
      return arguments.lazy.compactMap { looseColumn($0) }.first
    default: return syntax.parts.lazy.compactMap { looseColumn($0) }.first
    }
  }
}

extension AggregateSignature {
  /// How many operands it takes, for a mistake: `one operand`, `2 operands (x, by)`.
  fileprivate var operandsText: String {
    let count = operandCounts.upperBound
    return count == 1 ? "one operand" : "\(count) operands (\(parameterNames.joined(separator: ", ")))"
  }
}
