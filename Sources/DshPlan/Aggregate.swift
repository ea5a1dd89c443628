// Bound aggregates: what `agg` computes per group, and the partial states tasks exchange.

import DshColumns
import DshDiagnostics

/// One aggregate of an `agg` stage, resolved; made by its signature.
public struct AggregateCall: Hashable, Sendable {
  /// The name of the column with the results.
  @ExactText public var name: String
  /// The aggregate's name in the catalog.
  public let function: String
  /// What is aggregated, of the types that the aggregate asks for.
  public var arguments: [Expression]
  /// The values of its constant parameters.
  public let constants: [Value]
  /// Only rows for which it is true are aggregated; all of them if there is none.
  public var condition: Expression?
  /// The type of the results.
  public let type: DataType
  /// The columns of the partial state that a task hands on, in order; a group may have several rows of them.
  public let stateTypes: [DataType]
  public var origin: ExpressionOrigin

  init(
    name: String, function: String, arguments: [Expression], constants: [Value], condition: Expression?, type: DataType,
    stateTypes: [DataType], origin: ExpressionOrigin
  ) {
    self.name = name
    self.function = function
    self.arguments = arguments
    self.constants = constants
    self.condition = condition
    self.type = type
    self.stateTypes = stateTypes
    self.origin = origin
  }

  /// Everything between its parentheses.
  public var operands: [Expression] { arguments + constants.map { .literal($0, $0.type) } }

  /// What it computes of each row: its arguments, then its condition.
  public var expressions: [Expression] { arguments + (condition.map { [$0] } ?? []) }

  /// The same aggregate as a column with another name.
  func named(_ name: String) -> AggregateCall {
    var copy = self
    copy.name = name
    return copy
  }

  /// The aggregate over just some columns of its input, given by their indexes there.
  func remapped(to columns: [Int]) -> AggregateCall {
    var copy = self
    copy.arguments = arguments.map { $0.remapped(to: columns) }
    copy.condition = condition?.remapped(to: columns)
    return copy
  }
}

/// A grouped aggregation: keys, then aggregates, are the columns of its result.
public struct Aggregation: Hashable, Sendable {
  public var keys: [NamedExpression]
  public var aggregates: [AggregateCall]

  public init(keys: [NamedExpression], aggregates: [AggregateCall]) {
    self.keys = keys
    self.aggregates = aggregates
  }

  /// Its expressions in the order in which they are counted through: keys, then those of each aggregate.
  public var expressions: [Expression] { keys.map(\.expression) + aggregates.flatMap(\.expressions) }

  /// Keys and results.
  public var schema: Schema {
    Schema(keys.map { Field($0.name, $0.expression.type) } + aggregates.map { Field($0.name, $0.type) })
  }

  /// The keys and the partial states of each aggregate in order.
  public var stateSchema: Schema {
    Schema(
      keys.map { Field($0.name, $0.expression.type) }
        + aggregates.enumerated().flatMap { index, call in call.stateTypes.enumerated().map { Field("\(index).\($0)", $1) } })
  }
}
