// Numbers with bars that compare them: what `bar` and `hist` show.

import DshColumns

/// Rows whose last column holds numbers; the columns before name them.
public struct Bars: Sendable {
  public var rows: Batch
  /// Whether other rows follow that are not shown.
  public var moreFollow: Bool

  public init(rows: Batch, moreFollow: Bool = false) {
    self.rows = rows
    self.moreFollow = moreFollow
  }
}
