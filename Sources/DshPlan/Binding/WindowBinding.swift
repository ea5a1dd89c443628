// Binds windows: a call with `over` becomes a column that a step in front of the projection computes.

import DshColumns
import DshDiagnostics
import DshLanguage

/// The windows met inside the expressions of one projection, each once.
struct WindowCollection {
  /// How many columns stand before the windows in what the projection reads.
  var columnCount: Int
  var calls: [BoundWindow] = []
  var isInside = false
}

/// A window over expressions of the input.
struct BoundWindow: Hashable {
  var keys: [Expression]
  var order: [Key]
  var function: String
  var arguments: [Expression]
  var constants: [Value]
  var frame: WindowFrame
  var type: DataType
  /// The aggregate, if it is over all rows of the partition whatever their order.
  var whole: AggregateCall?
  var origin: ExpressionOrigin

  struct Key: Hashable {
    var expression: Expression
    var descending: Bool
  }
}

extension Binder {
  /// A call with `over`; its result is a column behind those of the input.
  mutating func bindWindow(
    _ call: ExpressionSyntax, _ window: WindowSyntax, span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    guard case .call(let name, let operands) = call.kind else { return nil }
    guard let collection = scope.windows else {
      report(
        Diagnostic(
          .misplacedWindow, "a window belongs in map or select", span: span,
          suggestion: "compute it first: map x = \(name.text)(…) over (…)"))
      return nil
    }
    guard !collection.isInside else {
      report(
        Diagnostic(
          .misplacedWindow, "a window can't stand inside another", span: span, suggestion: "compute the inner one first, in a map before"))
      return nil
    }
    scope.windows?.isInside = true
    defer { scope.windows?.isInside = false }
    let before = diagnostics.count
    let keys = window.keys.compactMap { bindWindowKey($0, "group", in: &scope) }
    let order = window.sort.compactMap { key in
      bindWindowKey(key.expression, "sort", in: &scope).map { BoundWindow.Key(expression: $0, descending: key.isDescending) }
    }
    guard
      let bound = bindWindowCall(name, operands, WindowClauses(keys: keys, order: order, frame: window.frame), span: span, in: &scope),
      diagnostics.count == before
    else { return nil }
    var calls = collection.calls
    let index = calls.firstIndex(of: bound) ?? calls.count
    if index == calls.count { calls.append(bound) }
    scope.windows?.calls = calls
    return .column(collection.columnCount + index, bound.type)
  }

  private mutating func bindWindowKey(_ syntax: ExpressionSyntax, _ purpose: String, in scope: inout Scope) -> Expression? {
    guard let bound = bind(syntax, in: &scope) else { return nil }
    switch bound.type {
    case .list, .structure:
      report(Diagnostic(.wrongType, "can't \(purpose) by \(bound.type.name)", span: syntax.span))
      return nil
    default: return bound
    }
  }

  private struct WindowClauses {
    var keys: [Expression]
    var order: [BoundWindow.Key]
    var frame: FrameSyntax?
  }

  private mutating func bindWindowCall(
    _ name: Name, _ operands: [ExpressionSyntax], _ clauses: WindowClauses, span: SourceSpan, in scope: inout Scope
  ) -> BoundWindow? {
    if let function = functions.windows.signature(of: name.text) {
      return bindWindowFunction(function, operands, clauses, span: span, in: &scope)
    }
    guard let aggregate = functions.aggregates.signature(of: name.text) else {
      let known = functions.windows.names + functions.aggregates.names
      report(
        Diagnostic(
          .unknownFunction, "\(name.text) is no function over windows", span: name.span,
          suggestion: nearestName(to: name.text, in: known.sorted()).map(didYouMean)
            ?? "one of: \(functions.windows.names.joined(separator: ", ")), or an aggregate"))
      return nil
    }
    guard let call = bindAggregateCall(aggregate, operands, span: span, in: &scope) else { return nil }
    let frame = clauses.frame.map { WindowFrame(before: $0.before, after: $0.after) } ?? (clauses.order.isEmpty ? .whole : .running)
    return BoundWindow(
      keys: clauses.keys, order: clauses.order, function: aggregate.name, arguments: call.arguments, constants: call.constants,
      frame: frame,
      type: call.type, whole: frame == .whole && clauses.order.isEmpty ? call : nil, origin: origin(span))
  }

  private mutating func bindWindowFunction(
    _ function: WindowSignature, _ operands: [ExpressionSyntax], _ clauses: WindowClauses, span: SourceSpan, in scope: inout Scope
  ) -> BoundWindow? {
    if function.needsOrder, clauses.order.isEmpty {
      report(
        Diagnostic(
          .missingOperand, "\(function.name) needs an order", span: span, suggestion: "such as \(function.name)() over (sort KEY desc)"))
      return nil
    }
    if clauses.frame != nil, !function.takesFrame {
      report(Diagnostic(.unexpectedText, "\(function.name) looks at the whole window", span: span, suggestion: "leave rows out"))
      return nil
    }
    let bound = operands.compactMap { bind($0, in: &scope) }
    guard bound.count == operands.count else { return nil }
    guard let resolution = function.overloads.resolve(bound.map(\.type)) else {
      let types = bound.map(\.type.name).joined(separator: ", ")
      report(
        Diagnostic(
          .wrongType, "\(function.name) is not defined for \(types.isEmpty ? "nothing" : types)", span: span,
          suggestion: "usage: \(function.usage)"))
      return nil
    }
    let argumentCount = min(bound.count, function.parameterNames.count - function.constantCount)
    var arguments: [Expression] = []
    var constants: [Value] = []
    for (index, operand) in bound.enumerated() {
      guard let cast = cast(operand, to: resolution.parameters[index], isTry: false, span: operands[index].span) else { return nil }
      if index < argumentCount {
        arguments.append(cast)
      } else if cast.isConstant {
        guard let value = evaluate(cast, at: operands[index].span) else { return nil }
        constants.append(value)
      } else {
        report(
          Diagnostic(
            .badConstant, "the \(function.parameterNames[index]) of \(function.name) is one value for all rows, not a column",
            span: operands[index].span))
        return nil
      }
    }
    if let wrong = constants.firstIndex(where: {
      if case .int64(let number) = $0 { !(0...Int64(Limits.rows) ~= number) } else { $0.isNull }
    }) {
      report(
        Diagnostic(
          .invalidCount, .user, "a number of rows is a whole number from 0 to \(Limits.rows)", span: operands[argumentCount + wrong].span))
      return nil
    }
    let frame = clauses.frame.map { WindowFrame(before: $0.before, after: $0.after) } ?? .whole
    return BoundWindow(
      keys: clauses.keys, order: clauses.order, function: function.name, arguments: arguments, constants: constants, frame: frame,
      type: resolution.result, whole: nil, origin: origin(span))
  }

  /// The plan with a column behind its own for each window, in their order.
  func planWindows(_ collection: WindowCollection, over input: LogicalPlan) -> LogicalPlan {
    var columns = identity(input.schema)
    func place(_ expression: Expression) -> Int {
      if case .column(let index, _) = expression { return index }
      if let known = columns.firstIndex(where: { $0.expression == expression }) { return known }
      columns.append(NamedExpression("window operand \(columns.count)", expression))
      return columns.count - 1
    }
    // Windows of the same rows in the same order are computed together.
    var steps: [(keys: [Int], order: [SortColumn], calls: [Int])] = []
    var arguments: [[Int]] = []
    for (index, call) in collection.calls.enumerated() {
      let keys = call.keys.map(place)
      let order = call.order.map { SortColumn(place($0.expression), descending: $0.descending) }
      arguments.append(call.arguments.map(place))
      if let step = steps.firstIndex(where: {
        $0.keys == keys && $0.order == order && (collection.calls[$0.calls[0]].whole == nil) == (call.whole == nil)
      }) {
        steps[step].calls.append(index)
      } else {
        steps.append((keys, order, [index]))
      }
    }
    // Rows without keys all have the same.
    let constantKey = place(.literal(.int64(1), .int64))
    let prepared = LogicalPlan.project(input, columns)
    var plan = prepared
    var results = [Int](repeating: 0, count: collection.calls.count)
    for step in steps {
      for (offset, call) in step.calls.enumerated() { results[call] = plan.schema.count + offset }
      if collection.calls[step.calls[0]].whole == nil {
        let calls = step.calls.map { index in
          let call = collection.calls[index]
          return WindowCall(
            name: "window \(index)", function: call.function, arguments: arguments[index], constants: call.constants, frame: call.frame,
            type: call.type, origin: call.origin)
        }
        plan = .operation(Operation(Window(keys: step.keys, order: step.order, calls: calls)), [plan])
      } else {
        let keys = step.keys.isEmpty ? [constantKey] : step.keys
        let calls = step.calls.compactMap { index -> AggregateCall? in
          guard var call = collection.calls[index].whole?.named("window \(index)") else { return nil }
          call.arguments = arguments[index].map { .column($0, columns[$0].expression.type) }
          return call
        }
        let groups = LogicalPlan.aggregate(
          prepared,
          Aggregation(
            keys: keys.enumerated().map { NamedExpression("key \($0)", .column($1, columns[$1].expression.type)) }, aggregates: calls))
        let join = Join(
          .left, leftKeys: keys, rightKeys: Array(keys.indices),
          rightColumns: calls.enumerated().map { Join.RightColumn(keys.count + $0, name: $1.name) }, nullsMeet: true)
        plan = .operation(Operation(join), [plan, groups])
      }
    }
    let kept = Array(input.schema.fields.indices) + results
    return .project(plan, kept.map { NamedExpression(plan.schema[$0].name, .column($0, plan.schema[$0].type)) })
  }
}
