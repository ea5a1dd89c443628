// How the values of a type lie on a line of numbers, so that there are others between them: for quartiles and axes.

import DshColumns

/// What a number on the line stands for.
public enum NumberLine: Hashable, Sendable {
  case number
  /// Days since 1970-01-01.
  case days
  /// Microseconds since 1970-01-01.
  case microseconds

  /// Nil for a type whose values lie on no line.
  public init?(_ type: DataType) {
    switch type {
    case .date: self = .days
    case .timestamp, .instant: self = .microseconds
    case _ where type.isNumeric: self = .number
    default: return nil
    }
  }

  /// The number that a value lies at, as float64.
  public func number(of value: Expression) -> Expression {
    let number: Expression =
      switch self {
      case .number: value
      case .days: .call("epoch_days", [value], .int64)
      case .microseconds: .call("epoch_us", [value.type == .timestamp ? value : .cast(value, to: .timestamp, isTry: false)], .int64)
      }
    return number.type == .float64 ? number : .cast(number, to: .float64, isTry: false)
  }

  /// The value at a number, or the last one before it.
  func value(of number: Expression) -> Expression {
    let whole = Expression.cast(.call("floor", [number], .float64), to: .int64, isTry: true)
    return switch self {
    case .number: number
    case .days: .call("from_epoch_days", [whole], .date)
    case .microseconds: .call("from_epoch_us", [whole], .timestamp)
    }
  }
}
