// The condition that picks the rows of one group: those where an expression has its value.
import DshColumns

extension Expression {
  /// Whether it has a value, which equals itself even if it is null or NaN. The expression is of a type that is computed with.
  public func equals(_ value: Value) -> Expression {
    switch value {
    case .null: .call("is_null", [self], .bool)
    case .float64(let number) where number.isNaN: .call("is_nan", [self], .bool)
    default: .call("==", [self, .literal(value, type)], .bool)
    }
  }
}
