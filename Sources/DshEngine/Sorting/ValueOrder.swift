// The order of two values on their own: of statistics, not of rows.

import DshColumns

extension Value {
  /// How it compares with another value of its type, as rows do: negative, zero or positive; nil if the types differ or have no order here.
  public func order(to other: Value) -> Int? {
    guard type == other.type, !isNull else { return nil }
    func column(_ value: Value) -> Column { Column.repeating(value, type: value.type, count: 1) }
    switch type {
    case .null, .binary, .list, .structure, .map: return nil
    default: return RowOrder.compare(column(self), 0, column(other), 0)
    }
  }
}
