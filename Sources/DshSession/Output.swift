// What a statement gives back: values, never text made for a particular terminal.

import DshColumns

/// One thing a statement has to say; a statement gives them in order.
public enum Output: Sendable {
  /// A dataset was made: number, name if given one, and a sentence (`diamonds.csv: 10 columns, 1 file, 2.6 MiB; nothing read yet`).
  case dataset(number: Int, name: String?, sentence: String)
  case rows(RowsOutput)
  /// A part of rows that are text in a data format already, as they come (`take_all --force`).
  case text(TextPiece)
  /// One number or other value, under the name of what was computed (`count`, `mean(price)`).
  case scalar(name: String, value: Value)
  /// The columns of a dataset (`schema`).
  case schema(Schema, origins: [String])
  /// A small table about the shell or the cluster (`nodes`, `blocks`, `transfers`, `datasets`, `set`, `stats`).
  case listing(Listing)
  /// What the last action did where (`diagram`).
  case diagram(Diagram, DiagramFormat)
  /// Every block as a cell (`blocks --map`).
  case blockMap(BlockMap)
  /// One of the others in a way of its own: `take --format=line`, `last`.
  indirect case presented(Output, Presentation)
  /// Lines of prose (`help`, `explain`, `pwd`).
  case lines([String])
  /// What ran, where, and what moved.
  case receipt(Receipt)
  /// News that belongs to no statement's result: a node died, a column was widened.
  case notice(String)
}

/// What comes of a result that is passed on as text while it is made: a start, bytes, and an end in any case.
public enum TextPiece: Sendable {
  case start
  case bytes([UInt8])
  case end
}

/// How one output is shown, whatever the settings say.
public struct Presentation: Sendable, Hashable {
  public var format: OutputFormat?
  /// Whether neither rows nor columns nor cells are left out.
  public var isFull: Bool

  public init(format: OutputFormat? = nil, isFull: Bool = false) {
    self.format = format
    self.isFull = isFull
  }
}

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

  public var rows: Batch
  public var layout: Layout
  /// All rows of the dataset where known, nil where nothing has counted them.
  public var totalRows: Int?
  /// Whether the dataset surely or possibly has rows after these.
  public var moreFollow: Bool

  public init(rows: Batch, layout: Layout, totalRows: Int?, moreFollow: Bool) {
    self.rows = rows
    self.layout = layout
    self.totalRows = totalRows
    self.moreFollow = moreFollow
  }
}

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
