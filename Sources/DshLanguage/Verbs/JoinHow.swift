// The values of `--how`, for the option and for whoever binds it.

/// Which rows of a join without a partner are kept, and which columns.
public enum JoinHow: String, Sendable, CaseIterable {
  case inner, left, right, full
  /// The left rows alone, those that have a partner or have none.
  case semi, anti
  /// All left rows, each with the one partner that is nearest by the last key.
  case asof

  /// What is meant where nothing is said.
  public static let usual = JoinHow.inner

  /// Whether columns of the right stand in the result.
  public var showsRight: Bool { self != .semi && self != .anti }
}
