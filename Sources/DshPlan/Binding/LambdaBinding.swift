// Binds calls with lambdas: what their parameters are follows from the other arguments, and from what the body gives.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// How often a body is bound: as the elements are, and again with the wider type that the first attempt asks for (a sum of integers
  /// that begins at 0.5).
  private static let attemptLimit = 3

  mutating func bindLambdaCall(
    _ name: String, _ arguments: [ExpressionSyntax], span: SourceSpan, in scope: inout Scope
  ) -> Expression? {
    guard let signature = functions.signature(of: name), signature.takesLambda else {
      for argument in arguments where argument.isLambda { reportMisplacedLambda(scope.blamed ?? argument.span) }
      return nil
    }
    var bound: [Int: Expression] = [:]
    var lambdas: [Int: Int] = [:]
    for (index, argument) in arguments.enumerated() {
      if case .lambda(let parameters, _) = argument.kind {
        lambdas[index] = parameters.count
      } else {
        guard let expression = bind(argument, in: &scope) else { return nil }
        bound[index] = expression
      }
    }
    guard var types = signature.lambdaParameters(arguments.indices.map { bound[$0]?.type }, lambdas: lambdas) else {
      reportLambdaMismatch(
        signature, arguments.indices.map { lambdas[$0].map { lambdaText($0, to: "…") } ?? bound[$0]?.type.name ?? "" }, span: span)
      return nil
    }
    for _ in 0..<Self.attemptLimit {
      // Lambdas in one another are bound again with each attempt around them.
      expansionCount += 1
      guard expansionCount < Definition.expansionLimit else {
        report(Diagnostic(.expressionTooDeep, .user, "lambdas stand too deep in one another", span: span))
        return nil
      }
      for (index, parameters) in types.sorted(by: { $0.key < $1.key }) {
        guard let lambda = bindLambda(arguments[index], parameters, in: scope) else { return nil }
        bound[index] = lambda
      }
      let operands = arguments.indices.compactMap { bound[$0] }
      guard let resolution = signature.resolve(operands.map(\.type), lambdas: lambdas) else {
        reportMismatch(signature, operands, span: span, named: nil)
        return nil
      }
      if resolution.lambdas == types {
        let cast = zip(operands, resolution.parameters).map { $0.casted(to: $1, origin: origin(span)) }
        return call(name, cast, resolution.result, span: span)
      }
      types = resolution.lambdas
    }
    reportLambdaMismatch(
      signature, arguments.indices.map { lambdas[$0].map { lambdaText($0, to: "…") } ?? bound[$0]?.type.name ?? "" }, span: span)
    return nil
  }

  private mutating func bindLambda(_ syntax: ExpressionSyntax, _ types: [DataType], in outer: Scope) -> Expression? {
    guard case .lambda(let names, let body) = syntax.kind, names.count == types.count else { return nil }
    var scope = outer
    let first = scope.parameterCount
    scope.parameterCount += names.count
    for (index, name) in names.enumerated() {
      if names[..<index].contains(where: { $0.text == name.text }) {
        report(Diagnostic(.nameTaken, "two parameters are called \"\(name.text)\"", span: outer.blamed ?? name.span))
        return nil
      }
      scope.lambdaParameters[name.text] = .parameter(first + index, types[index])
    }
    return bind(body, in: &scope).map { .lambda(first: first, types, body: $0) }
  }

  private mutating func reportLambdaMismatch(_ signature: FunctionSignature, _ given: [String], span: SourceSpan) {
    report(
      Diagnostic(
        .wrongType, "\(signature.name)(\(given.joined(separator: ", "))) does not fit \(signature.usage)", span: span,
        notes: signature.overloads.map { "takes: \(signature.name)(\($0.described))" }))
  }

  mutating func reportMisplacedLambda(_ span: SourceSpan) {
    report(
      Diagnostic(
        .misplacedLambda, "nothing takes a lambda here", span: span,
        suggestion: "functions that take one: list_map, list_filter, list_reduce, …"))
  }
}

extension Expression {
  /// The expression in another type; of a lambda, what it gives.
  fileprivate func casted(to type: DataType, origin: ExpressionOrigin) -> Expression {
    if self.type == type { return self }
    if case .lambda(let first, let parameters, let body) = self {
      return .lambda(first: first, parameters, body: .cast(body, to: type, isTry: false, origin: origin))
    }
    return .cast(self, to: type, isTry: false, origin: origin)
  }
}

/// How a lambda looks that has so many parameters and gives such a value.
func lambdaText(_ parameterCount: Int, to result: String) -> String {
  switch parameterCount {
  case 1: "x -> \(result)"
  case 2: "(a, x) -> \(result)"
  default: "(\((1...max(1, parameterCount)).map { "x\($0)" }.joined(separator: ", "))) -> \(result)"
  }
}
