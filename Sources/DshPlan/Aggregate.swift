// Bound aggregates: what `agg` computes per group, and the partial states tasks exchange.

import DshColumns
import DshDiagnostics

/// An aggregate function; nulls are skipped except by `count`.
public enum AggregateFunction: UInt8, Hashable, Sendable, CaseIterable {
  /// Rows.
  case count
  /// Rows where the argument is not null.
  case countValues
  /// int64 stays exact (overflow is an error), float64 is exact until the sum is rounded once; null over no values.
  case sum
  case mean
  case min
  case max
  /// Sample standard deviation (n - 1); null below two values.
  case std

  /// The name as typed.
  public var name: String {
    switch self {
    case .count, .countValues: "count"
    case .sum: "sum"
    case .mean: "mean"
    case .min: "min"
    case .max: "max"
    case .std: "std"
    }
  }

  /// How it is typed: `mean(x)`.
  public var usage: String { self == .count ? "count()" : "\(name)(x)" }

  /// One sentence for help and reference.
  public var summary: String {
    switch self {
    case .count: "The number of rows."
    case .countValues: "The number of values that are not null."
    case .sum: "The sum: exact for int64, where overflow is an error; null over no values."
    case .mean: "The arithmetic mean; null over no values."
    case .min: "The least value."
    case .max: "The greatest value."
    case .std: "The sample standard deviation (n - 1); null below two values."
    }
  }

  /// Two uses of it, for help and reference.
  public var examples: [String] {
    let call = self == .count ? "count()" : "\(name)(wind)"
    return [
      "read data/weather.csv | agg \(call) | take", "read data/weather.csv | agg \(call) by weather | take",
    ]
  }

  /// The type of the result over an argument type; nil if the function is not defined for it.
  public func resultType(over argument: DataType?) -> DataType? {
    switch (self, argument) {
    case (.count, nil): .int64
    case (.countValues, .some): .int64
    case (.sum, .int64), (.sum, .bool), (.sum, .null): .int64
    case (.sum, .float64): .float64
    case (.mean, .int64), (.mean, .float64), (.mean, .bool), (.mean, .null): .float64
    case (.std, .int64), (.std, .float64), (.std, .null): .float64
    case (.min, let type?), (.max, let type?):
      switch type {
      case .list, .structure: nil
      default: type
      }
    default: nil
    }
  }

  /// The columns of the partial state that a task hands on, in order; a group may have several rows of them.
  public func stateTypes(over argument: DataType?) -> [DataType] {
    switch self {
    case .count, .countValues: [.int64]
    // int64: the low and the high 64 bits of a 128-bit sum, then how many values; float64: two doubles that are the sum together, values.
    case .sum, .mean: argument == .float64 ? [.float64, .float64, .int64] : [.int64, .int64, .int64]
    case .min, .max: [argument ?? .null]
    // Two doubles for the sum, three and a scale for that of the squares, values.
    case .std: [.float64, .float64, .float64, .float64, .float64, .int64, .int64]
    }
  }
}

/// One aggregate of an `agg` stage.
public struct AggregateCall: Hashable, Sendable {
  @ExactText public var name: String
  public var function: AggregateFunction
  /// What is aggregated; nil for `count()`.
  public var argument: Expression?
  public var origin: ExpressionOrigin

  public init(_ name: String, _ function: AggregateFunction, _ argument: Expression?, origin: ExpressionOrigin = ExpressionOrigin()) {
    self.name = name
    self.function = function
    self.argument = argument
    self.origin = origin
  }

  /// The type of the result column.
  public var type: DataType { function.resultType(over: argument?.type) ?? .null }
}

/// A grouped aggregation: keys, then aggregates, are the columns of its result.
public struct Aggregation: Hashable, Sendable {
  public var keys: [NamedExpression]
  public var aggregates: [AggregateCall]

  public init(keys: [NamedExpression], aggregates: [AggregateCall]) {
    self.keys = keys
    self.aggregates = aggregates
  }

  /// Its expressions in the order in which they are counted through: keys, then arguments.
  public var expressions: [Expression] { keys.map(\.expression) + aggregates.compactMap(\.argument) }

  /// Keys and results.
  public var schema: Schema {
    Schema(keys.map { Field($0.name, $0.expression.type) } + aggregates.map { Field($0.name, $0.type) })
  }

  /// The keys and the partial states of each aggregate in order.
  public var stateSchema: Schema {
    Schema(
      keys.map { Field($0.name, $0.expression.type) }
        + aggregates.enumerated().flatMap { index, call in
          call.function.stateTypes(over: call.argument?.type).enumerated().map { Field("\(index).\($0)", $1) }
        })
  }
}
