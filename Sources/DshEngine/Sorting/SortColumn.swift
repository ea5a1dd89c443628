// Orders rows by several columns, stably.

import DshColumns

/// A key of a sort: a column by index, and its direction.
public struct SortColumn: Hashable, Sendable {
  public var column: Int
  public var descending: Bool

  public init(column: Int, descending: Bool) {
    self.column = column
    self.descending = descending
  }
}
