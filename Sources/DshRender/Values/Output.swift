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
  /// Numbers with bars that compare them (`bar`, `hist`).
  case bars(Bars)
  /// Points or lines between two axes (`plot`).
  case plot(Plot)
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
