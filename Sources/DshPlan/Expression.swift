// Bound, typed expressions: plain data that travels to the nodes as bytes.

import DshColumns
import DshDiagnostics

/// An expression whose columns are indexes and whose types are known.
///
/// Operators are calls too, of functions named by their symbol (`+`, `==`, `and`, `??`, `++`, `~`, `in`, `[]`, …).
/// Arguments already have the types the function's resolution asked for: the binder inserts the casts.
public indirect enum Expression: Hashable, Sendable {
  /// A column of the input, by index.
  case column(Int, DataType)
  case literal(Value, DataType)
  case call(String, [Expression], DataType, origin: ExpressionOrigin = ExpressionOrigin())
  /// A change of type; where a value has none, `isTry` gives null and otherwise the row is an error.
  case cast(Expression, to: DataType, isTry: Bool, origin: ExpressionOrigin = ExpressionOrigin())
  /// A parameter of a lambda around it, by its number.
  case parameter(Int, DataType)
  /// A function that a call hands to its elements; it stands among the arguments of a call only.
  ///
  /// Its parameters are numbered from `first` on, behind those of the lambdas around it, and hide what had those numbers before: so an
  /// expression with lambdas of its own may be put into the body of another. The body may read columns of the row that the call is for.
  case lambda(first: Int, [DataType], body: Expression)

  /// The type of its value; of a lambda that of what it gives.
  public var type: DataType {
    switch self {
    case .column(_, let type), .literal(_, let type), .call(_, _, let type, _), .cast(_, let type, _, _), .parameter(_, let type): type
    case .lambda(_, _, let body): body.type
    }
  }

  /// The indexes of the input columns it reads.
  public var columns: Set<Int> {
    switch self {
    case .column(let index, _): [index]
    case .literal, .parameter: []
    case .call(_, let arguments, _, _): arguments.reduce(into: []) { $0.formUnion($1.columns) }
    case .cast(let operand, _, _, _): operand.columns
    case .lambda(_, _, let body): body.columns
    }
  }

  /// The numbers of the parameters it reads that belong to lambdas around it.
  public var freeParameters: Set<Int> {
    switch self {
    case .column, .literal: []
    case .parameter(let number, _): [number]
    case .call(_, let arguments, _, _): arguments.reduce(into: []) { $0.formUnion($1.freeParameters) }
    case .cast(let operand, _, _, _): operand.freeParameters
    case .lambda(let first, _, let body): body.freeParameters.filter { $0 < first }
    }
  }

  /// The input columns that bodies of lambdas read, once for each element instead of once for each row.
  var columnsInLambdas: Set<Int> {
    if case .lambda(_, _, let body) = self { return body.columns }
    return parts.reduce(into: []) { $0.formUnion($1.columnsInLambdas) }
  }

  /// The expression with every column replaced.
  public func mapColumns(_ replacement: (Int, DataType) -> Expression) -> Expression {
    switch self {
    case .column(let index, let type): replacement(index, type)
    case .literal, .parameter: self
    case .lambda(let first, let types, let body): .lambda(first: first, types, body: body.mapColumns(replacement))
    case .call(let name, let arguments, let type, let origin):
      .call(name, arguments.map { $0.mapColumns(replacement) }, type, origin: origin)
    case .cast(let operand, let type, let isTry, let origin):
      .cast(operand.mapColumns(replacement), to: type, isTry: isTry, origin: origin)
    }
  }

  /// How many parts it has: itself and everything in it.
  public var size: Int { parts.reduce(1) { $0 + $1.size } }

  /// What it is computed from, from left to right.
  private var parts: [Expression] {
    switch self {
    case .column, .literal, .parameter: []
    case .call(_, let arguments, _, _): arguments
    case .cast(let operand, _, _, _): [operand]
    case .lambda(_, _, let body): [body]
    }
  }

  /// Where the part with a number was written: the expression itself is 0, and what it is computed from follows from left to right.
  /// The place of what is around it stands in for a part without one.
  public func place(ofPart number: Int) -> SourcePlace? {
    var place: SourcePlace?
    var expression = self
    var remaining = number
    while true {
      switch expression {
      case .call(_, _, _, let origin), .cast(_, _, _, let origin): place = origin.place ?? place
      case .column, .literal, .parameter, .lambda: break
      }
      if remaining == 0 { return place }
      remaining -= 1
      guard
        let part = expression.parts.first(where: { part in
          let size = part.size
          if remaining < size { return true }
          remaining -= size
          return false
        })
      else { return place }
      expression = part
    }
  }

  /// How many levels it has; 1 for a column or a constant.
  var depth: Int { 1 + (parts.map(\.depth).max() ?? 0) }

  /// The deepest expression that is bound or made by a rule: more than the parser lets through, so that definitions have room, and every
  /// walk over it fits the stack of a thread, on nodes too.
  static let depthLimit = 400

  /// The conditions of both, as one list of conditions.
  static func conjunction(_ first: Expression, _ second: Expression) -> Expression {
    .call("and", first.conditions + second.conditions, .bool)
  }

  /// The conditions that all have to hold for it to be true.
  public var conditions: [Expression] {
    if case .call("and", let terms, _, _) = self { terms } else { [self] }
  }

  /// Whether it reads no column and no parameter around it, so that one evaluation serves all rows.
  public var isConstant: Bool { columns.isEmpty && freeParameters.isEmpty }
}

/// Where a person wrote an expression. It takes no part in comparisons, and a node is not told of it.
public struct ExpressionOrigin: Hashable, Sendable {
  public var place: SourcePlace?

  public init(_ place: SourcePlace? = nil) { self.place = place }

  public static func == (_: ExpressionOrigin, _: ExpressionOrigin) -> Bool { true }

  public func hash(into _: inout Hasher) {}
}

/// An expression with the name its column gets.
public struct NamedExpression: Hashable, Sendable {
  @ExactText public var name: String
  public var expression: Expression

  public init(_ name: String, _ expression: Expression) {
    self.name = name
    self.expression = expression
  }
}
