// The compiled form of an expression: a tree whose leaves are columns and constants and whose forks are kernels.

import DshColumns
import DshDiagnostics
import DshPlan

/// A compiled expression or part of one.
final class Node: Sendable {
  enum Kind: Sendable {
    case column(Int)
    case constant(Column)
    case call(Kernel, [Node])
    /// Several operations of float64 as one.
    case floatSteps(FloatSteps)
    /// `and` or `or`: terms from left to right, a term only where those before leave the answer open.
    case logical(LogicalOperator, [Node])
    /// `if` and `case`: pairs of condition and value, then the value of what is left.
    case choice([(condition: Node, value: Node)], otherwise: Node)
    /// A parameter of a lambda around it, by its number.
    case parameter(Int)
    /// A call that hands a function to elements of its arguments.
    case lambdaCall(Kernel, [Node], Lambda)
    /// `??`: the first value that is not null.
    case coalesce([Node])
  }

  let kind: Kind
  let type: DataType
  let canFail: Bool
  /// The columns that it reads, ascending.
  let columns: [Int]
  /// The parameters of lambdas around it that it reads, ascending.
  let parameters: [Int]
  /// Its number among the parts of the expression, as `Expression.place` counts them.
  let part: Int

  private init(_ kind: Kind, _ expression: Expression, part: Int, canFail: Bool) {
    self.kind = kind
    self.part = part
    type = expression.type
    self.canFail = canFail
    columns = expression.columns.sorted()
    parameters = expression.freeParameters.sorted()
  }

  /// Compiles an expression and counts its parts.
  static func compile(_ expression: Expression, _ nextPart: inout Int) throws(Diagnostic) -> Node {
    let part = nextPart
    nextPart += 1
    switch expression {
    case .column(let index, _): return Node(.column(index), expression, part: part, canFail: false)
    case .literal(let value, let type):
      return Node(.constant(.repeating(value, type: type, count: 1)), expression, part: part, canFail: false)
    case .cast(let operand, let target, let isTry, _):
      let node = try compile(operand, &nextPart)
      if operand.type == target { return node }
      let kernel = try castKernel(from: operand.type, to: target, isTry: isTry)
      return Node(.call(kernel, [node]), expression, part: part, canFail: node.canFail || kernel.canFail).folded()
    case .parameter(let number, _): return Node(.parameter(number), expression, part: part, canFail: false)
    case .lambda: throw Diagnostic(.badPlan, "a lambda stands where a value belongs")
    case .call(let name, let arguments, let type, _):
      var nodes: [Node] = []
      var lambda: Lambda?
      for argument in arguments {
        guard case .lambda(let first, _, let body) = argument else {
          nodes.append(try compile(argument, &nextPart))
          continue
        }
        nextPart += 1
        lambda = Lambda(first: first, body: try compile(body, &nextPart))
      }
      if let lambda {
        guard let function = FunctionRegistry.function(named: name) else { throw Diagnostic(.unknownFunction, "no function \"\(name)\"") }
        let kernel = try function.compile(CallSite(types: nodes.map(\.type), constants: nodes.map(\.constantValue), result: type))
        let canFail = kernel.canFail || lambda.body.canFail || nodes.contains { $0.canFail }
        return Node(.lambdaCall(kernel, nodes, lambda), expression, part: part, canFail: canFail).folded()
      }
      return try compile(name, nodes, type, expression, part: part).folded()
    }
  }

  private static func compile(
    _ name: String, _ nodes: [Node], _ type: DataType, _ expression: Expression, part: Int
  ) throws(Diagnostic) -> Node {
    let canFail = nodes.contains { $0.canFail }
    switch name {
    case "and", "or":
      let kind = name == "and" ? LogicalOperator.and : .or
      // Nested terms of one kind are one list: (a and b) and c is a, b, c.
      let terms = nodes.flatMap { node in
        if case .logical(kind, let inner) = node.kind { return inner }
        return [node]
      }
      return Node(.logical(kind, terms), expression, part: part, canFail: canFail)
    case "if", "case":
      guard nodes.count >= 2 else { throw Diagnostic(.badPlan, "\(name) needs a condition and a value") }
      let pairs = stride(from: 0, to: nodes.count - 1, by: 2).map { (condition: nodes[$0], value: nodes[$0 + 1]) }
      let null = Node(.constant(.repeating(.null, type: type, count: 1)), .literal(.null, type), part: part, canFail: false)
      let otherwise = nodes.count % 2 == 1 ? nodes[nodes.count - 1] : null
      return Node(.choice(pairs, otherwise: otherwise), expression, part: part, canFail: canFail)
    case "??", "coalesce": return Node(.coalesce(nodes), expression, part: part, canFail: canFail)
    default:
      guard let function = FunctionRegistry.function(named: name) else {
        throw Diagnostic(.unknownFunction, "no function \"\(name)\"", suggestion: nil)
      }
      let kernel = try function.compile(CallSite(types: nodes.map(\.type), constants: nodes.map(\.constantValue), result: type))
      if let operation = kernel.floatOperation, let steps = FloatSteps(operation, nodes) {
        return Node(.floatSteps(steps), expression, part: part, canFail: canFail)
      }
      return Node(.call(kernel, nodes), expression, part: part, canFail: canFail || kernel.canFail)
    }
  }

  /// Its value if it is a constant.
  private var constantValue: Value? { if case .constant(let column) = kind { column.value(at: 0) } else { nil } }

  /// The node, or the constant it always gives; a constant that is an error stays, for the row that needs it.
  private func folded() -> Node {
    guard columns.isEmpty, parameters.isEmpty else { return self }
    let errors = RowErrors()
    let result = evaluate(Frame(columns: [], rowCount: 1), errors).materialized(rowCount: 1)
    return errors.first == nil ? Node(.constant(result), .literal(.null, type), part: part, canFail: false) : self
  }

  /// The value of every row of a frame; rows that fail are noted and hold anything.
  func evaluate(_ frame: Frame, _ errors: RowErrors) -> Operand {
    switch kind {
    case .column(let index): return Operand(frame.columns[index])
    case .constant(let column): return Operand(constant: column)
    case .parameter(let number): return Operand(frame.parameters[number])
    case .lambdaCall(let kernel, let nodes, let lambda):
      return call(kernel, nodes.map { $0.evaluate(frame, errors) }, lambda: lambda, frame, errors)
    case .call(let kernel, let nodes): return call(kernel, nodes.map { $0.evaluate(frame, errors) }, frame, errors)
    case .floatSteps(let steps): return evaluateFloatSteps(steps, frame, errors)
    case .logical(let kind, let terms): return Operand(evaluateLogical(kind, terms, frame, errors))
    case .choice(let pairs, let otherwise): return evaluateChoice(pairs, otherwise, frame, errors)
    case .coalesce(let nodes): return evaluateCoalesce(nodes, frame, errors)
    }
  }

  /// The value of some rows of a frame, ascending.
  func evaluate(_ frame: Frame, rows: RowIndexes, _ errors: RowErrors) -> Operand {
    if rows.count == frame.rowCount { return evaluate(frame, errors) }
    let inner = RowErrors()
    let result = evaluate(frame.subset(rows, of: self), inner)
    if let error = inner.first { errors.record(Int(rows.pointer[error.row]), part: error.part) { error.diagnostic } }
    return result
  }

  private func call(
    _ kernel: Kernel, _ arguments: [Operand], lambda: Lambda? = nil, _ frame: Frame, _ errors: RowErrors
  ) -> Operand {
    if frame.rowCount == 0 { return Operand(ColumnBuilder(type: type).finish()) }
    let isConstant = arguments.allSatisfy(\.isConstant) && lambda?.isClosed ?? true
    let bound = lambda.map { BoundLambda(lambda: $0, frame: frame, errors: errors) }
    let rowCount = isConstant ? 1 : frame.rowCount
    func result(_ column: Column) -> Operand { isConstant ? Operand(constant: column) : Operand(column) }
    if kernel.seesNulls {
      return result(
        kernel.run(
          Call(arguments: arguments, lambda: bound, rowCount: rowCount, type: type, validity: nil, part: part, errors: errors)))
    }
    if arguments.contains(where: \.isConstantNull) { return Operand(.null, type: type) }
    if lambda == nil, let peeled = runOverDictionary(kernel, arguments, rowCount: rowCount) { return Operand(peeled) }
    var validity: Bitmap?
    for argument in arguments { validity = intersection(validity, argument.isConstant ? nil : argument.column.validity) }
    let column = kernel.run(
      Call(arguments: arguments, lambda: bound, rowCount: rowCount, type: type, validity: validity, part: part, errors: errors))
    return result(column.withValidity(intersection(column.validity, validity)))
  }
}

extension Column {
  /// The same values with another validity map.
  func withValidity(_ validity: Bitmap?) -> Column { Column(type: type, count: count, validity: validity, storage: storage) }
}

/// The rows in both sets; nil is all rows.
func intersection(_ a: Bitmap?, _ b: Bitmap?) -> Bitmap? {
  guard let a else { return b }
  guard let b else { return a }
  return .make(count: a.count) { a.word($0) & b.word($0) }
}
