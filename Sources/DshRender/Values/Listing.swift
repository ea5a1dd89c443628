// A small table about the shell or the cluster, with exact values in its cells.

import DshColumns

/// A small table whose cells keep exact values; a printer decides on units.
public struct Listing: Sendable {
  /// How a cell is shown in a table on a terminal; other formats print the plain value.
  public enum Unit: Sendable, Hashable {
    case none
    /// `59.0 KiB` in a table, the plain number elsewhere.
    case bytes
    /// Bytes, on a terminal with a bar that compares them with the largest of the column.
    case bytesOfLargest
    /// Whole numbers with thousands separators in a table.
    case count
    /// Seconds; left out in deterministic sessions.
    case seconds
  }

  public struct Column: Sendable, Hashable {
    public var name: String
    public var unit: Unit

    public init(_ name: String, _ unit: Unit = .none) {
      self.name = name
      self.unit = unit
    }
  }

  /// What machine formats call the table (`nodes`).
  public var name: String
  public var columns: [Column]
  public var rows: [[Value]]

  public init(name: String, columns: [Column], rows: [[Value]]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }
}
