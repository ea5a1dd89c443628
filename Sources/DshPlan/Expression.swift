// Bound, typed expressions: plain data that travels to the nodes as bytes.

import DshColumns

/// An expression whose columns are indexes and whose types are known.
///
/// Operators are calls too, of functions named by their symbol (`+`, `==`, `and`, `??`, `++`, `~`, `in`, `[]`, …).
/// Arguments already have the types the function's resolution asked for: the binder inserts the casts.
public indirect enum Expression: Hashable, Sendable {
  /// A column of the input, by index.
  case column(Int, DataType)
  case literal(Value, DataType)
  case call(String, [Expression], DataType)
  /// A change of type; where a value has none, `isTry` gives null and otherwise the row is an error.
  case cast(Expression, to: DataType, isTry: Bool)

  public var type: DataType {
    switch self {
    case .column(_, let type), .literal(_, let type), .call(_, _, let type), .cast(_, let type, _): type
    }
  }

  /// The indexes of the input columns it reads.
  public var columns: Set<Int> {
    switch self {
    case .column(let index, _): [index]
    case .literal: []
    case .call(_, let arguments, _): arguments.reduce(into: []) { $0.formUnion($1.columns) }
    case .cast(let operand, _, _): operand.columns
    }
  }

  /// The expression with every column replaced.
  public func mapColumns(_ replacement: (Int, DataType) -> Expression) -> Expression {
    switch self {
    case .column(let index, let type): replacement(index, type)
    case .literal: self
    case .call(let name, let arguments, let type): .call(name, arguments.map { $0.mapColumns(replacement) }, type)
    case .cast(let operand, let type, let isTry): .cast(operand.mapColumns(replacement), to: type, isTry: isTry)
    }
  }

  /// Whether it reads no column, so that one evaluation serves all rows.
  public var isConstant: Bool { columns.isEmpty }
}

/// An expression with the name its column gets.
public struct NamedExpression: Hashable, Sendable {
  public var name: String
  public var expression: Expression

  public init(_ name: String, _ expression: Expression) {
    self.name = name
    self.expression = expression
  }
}
