// What reads one split of a file, whatever the format.
import DshColumns

/// Gives the rows of one split batch by batch; one thread uses it.
///
/// If the split's start is a guess, every result and error holds only if `start` turns out to be where the split before ended.
public protocol FormatReader: AnyObject {
  /// Where the first record of the split begins.
  var start: Int { get }
  /// How much was looked at so far.
  var scanned: ScanProgress { get }
  /// The next wanted rows in the columns that the scan wants, never none; nil at the end of the split.
  ///
  /// Throws `SchemaMismatch`, a `Diagnostic`, or what the predicate throws.
  func next() throws -> Batch?
  /// What was found, at the end or when nobody wants more rows.
  func finish() throws -> ScanFindings
}

/// How much was read so far, for progress.
public struct ScanProgress: Hashable, Sendable {
  public var rows: Int
  /// Bytes of files; zero for other sources.
  public var bytes: Int

  public init(rows: Int, bytes: Int) {
    self.rows = rows
    self.bytes = bytes
  }
}

/// What a reader has to tell besides rows.
public struct ScanFindings: Hashable, Sendable {
  /// Records and bytes looked at, wanted or not.
  public var scanned: ScanProgress
  /// Records that are not given as they stand in the file.
  public var irregular: IrregularRecords
  /// Where the first record of the split begins and where the one after its last does; empty where the end was not reached.
  public var range: Range<Int>
  /// Parts of the file that statistics spared reading.
  public var rowGroups = RowGroupCounts()
  /// Bytes of a mapped file that were used where they lie.
  public var inPlaceBytes = 0

  public init(scanned: ScanProgress, irregular: IrregularRecords = IrregularRecords(), range: Range<Int>) {
    self.scanned = scanned
    self.irregular = irregular
    self.range = range
  }
}

/// Decides which rows of a scan are wanted, by some columns that are read before the others, and which parts of a file need no look at their rows.
public protocol ScanPredicate: AnyObject {
  /// The columns it needs, by their numbers in the file, each once.
  var columns: [Int] { get }
  /// Which rows of a batch of just these columns to keep; nil for all. It is asked about every row, in order.
  func select(_ batch: Batch) throws -> Bitmap?
  /// Whether a row of a part of the file may be kept. No only if none can be, and none can fail: `select` is not asked about them then.
  ///
  /// - Parameters:
  ///   - statistics: what is known of each of the columns in the part; nil where nothing is.
  ///   - mayHold: whether a column, by its place in `columns`, may have a value in the part.
  func mayKeep(_ statistics: [ColumnStatistics?], mayHold: (Int, Value) -> Bool) -> Bool
  /// The same taken apart; nil if it can't be, as where a row may fail.
  var separable: (any SeparablePredicate)? { get }
}

extension ScanPredicate {
  public func mayKeep(_ statistics: [ColumnStatistics?], mayHold: (Int, Value) -> Bool) -> Bool { true }
  public var separable: (any SeparablePredicate)? { nil }
}

/// Conditions that all have to hold for a row to be kept, some of which look at one column alone: where a column repeats a few values, these are asked about
/// instead of every row. Nothing fails for any row. Columns are named by their places in `columns`.
public protocol SeparablePredicate: ScanPredicate {
  /// Whether no condition looks at a column together with others.
  func isSeparable(_ column: Int) -> Bool
  /// Which values the conditions of a separable column keep.
  func keeps(_ values: Column, ofColumn column: Int) -> Bitmap
  /// Which rows to keep among some; nil for all.
  ///
  /// - Parameters:
  ///   - columns: the values of each column; nil for those whose conditions `kept` has answered already.
  ///   - kept: the rows among which to look; nil for all.
  func select(_ columns: [Column?], rowCount: Int, among kept: Bitmap?) -> Bitmap?
}
