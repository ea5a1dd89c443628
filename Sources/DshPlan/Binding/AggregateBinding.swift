// Binds `agg`: keys, aggregates, and expressions over aggregates.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  func aggregateFunction(named name: String, arguments: Int) -> AggregateFunction? {
    if name == "count" { return arguments == 0 ? .count : .countValues }
    return AggregateFunction.allCases.first { $0.name == name && $0 != .count && $0 != .countValues }
  }

  /// An aggregate inside an expression of `agg` becomes a column of the aggregation's result.
  mutating func bindAggregate(
    _ function: AggregateFunction, _ name: Name, _ arguments: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    guard let collection = scope.aggregates else {
      // min and max over several values of one row are functions too, under other names.
      report(
        Diagnostic(
          .misplacedAggregate, "\(name.text)() is an aggregate; it belongs in agg", span: span,
          suggestion: arguments.count > 1
            ? "of several values: \(function == .min ? "least" : "greatest")(…)" : "write: agg \(name.text)(…) by …"))
      return nil
    }
    guard !collection.isInside else {
      report(Diagnostic(.misplacedAggregate, "an aggregate can't stand inside another", span: span))
      return nil
    }
    guard arguments.count == (function == .count ? 0 : 1) else {
      report(Diagnostic(.wrongCount, "\(name.text) takes one operand, \(arguments.count) given", span: span))
      return nil
    }
    scope.aggregates?.isInside = true
    let argument = arguments.first.flatMap { bind($0, in: &scope) }.flatMap { checkDepth(of: $0, span: span) }
    scope.aggregates?.isInside = false
    if argument == nil, !arguments.isEmpty { return nil }
    if let argument, let syntax = arguments.first, refuseName(syntax, boundTo: argument, over: scope.schema) { return nil }
    guard let type = function.resultType(over: argument?.type) else {
      report(
        Diagnostic(
          .wrongType, "\(name.text) is not defined for \(argument?.type.name ?? "nothing")", span: span,
          suggestion: argument?.type == .string ? "cast the text: \(name.text)(x::float64)" : nil))
      return nil
    }
    var calls = collection.calls
    let call = AggregateCall("", function, argument, origin: origin(span))
    let index: Int
    if let known = calls.firstIndex(of: call) {
      index = known
    } else {
      index = calls.count
      calls.append(call)
    }
    scope.aggregates?.calls = calls
    return .column(collection.keyCount + index, type)
  }

  /// `agg … by …` over an input: an aggregation and, where an item is more than one aggregate, a projection over it.
  mutating func bindAggregation(_ items: [BindingSyntax], by keys: [BindingSyntax], over input: LogicalPlan) -> LogicalPlan {
    var boundKeys: [NamedExpression] = []
    let before = diagnostics.count
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
    for item in items {
      guard let expression = bindOverAggregates(item.value, keys: keys, boundKeys: boundKeys, in: &scope) else {
        failed = true
        continue
      }
      results.append(NamedExpression(item.outputName, expression))
    }
    checkUnique(boundKeys.map(\.name) + results.map(\.name), spans: keys.map(\.span) + items.map(\.span))
    guard !failed, diagnostics.count == before, let calls = scope.aggregates?.calls else {
      brokenColumns.formUnion(keys.map(\.outputName) + items.map(\.outputName))
      return .project(input, boundKeys)
    }
    brokenColumns = []
    let keyColumns = boundKeys.enumerated().map { NamedExpression($1.name, .column($0, $1.expression.type)) }
    let isPlain = results.enumerated().allSatisfy { index, result in
      if case .column(keys.count + index, _) = result.expression { return true }
      return false
    }
    if isPlain, calls.count == results.count {
      let named = zip(calls, results).map { AggregateCall($1.name, $0.function, $0.argument, origin: $0.origin) }
      return .aggregate(input, Aggregation(keys: boundKeys, aggregates: named))
    }
    let hidden = calls.enumerated().map { AggregateCall("aggregate \($0)", $1.function, $1.argument, origin: $1.origin) }
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
      if definitions[name.text] == nil, aggregateFunction(named: name.text, arguments: arguments.count) != nil { return true }
      if let definition = definitions[name.text], containsAggregate(definition.body) { return true }
      return arguments.contains { containsAggregate($0) }
    default: return syntax.parts.contains { containsAggregate($0) }
    }
  }

  /// The place of a column that is not inside an aggregate.
  private func looseColumn(_ syntax: ExpressionSyntax) -> SourceSpan? {
    switch syntax.kind {
    case .column: return syntax.span
    case .call(let name, let arguments):
      if let definition = definitions[name.text] {
        return containsAggregate(definition.body) ? nil : arguments.lazy.compactMap { looseColumn($0) }.first
      }
      if aggregateFunction(named: name.text, arguments: arguments.count) != nil { return nil }
      return arguments.lazy.compactMap { looseColumn($0) }.first
    default: return syntax.parts.lazy.compactMap { looseColumn($0) }.first
    }
  }
}
