// Rows as a statement gives them back, with what is known of those that were left out.

import DshColumns

/// Rows brought to the shell.
public struct RowsOutput: Sendable {
  public enum Layout: Sendable, Hashable {
    /// A table of rows.
    case table
    /// Column by column (`take_batch`).
    case columns
    /// Head and tail with what lies between left out (`show`): the rows hold the head, then the tail.
    case headAndTail(head: Int, total: Int)
  }

  /// Whether rows follow that are not here.
  public enum More: Sendable, Hashable {
    case no, maybe, yes
  }

  public var rows: Batch
  public var layout: Layout
  /// All rows of the dataset where known, nil where nothing has counted them.
  public var totalRows: Int?
  /// Whether the dataset has rows after these.
  public var more: More

  public init(rows: Batch, layout: Layout, totalRows: Int?, more: More = .no) {
    self.rows = rows
    self.layout = layout
    self.totalRows = totalRows
    self.more = more
  }
}
