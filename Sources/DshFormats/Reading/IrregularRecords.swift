// Counts of records that a reader changed or left out, for the receipt.

/// What was not read as it stands in the file, by the policies that were asked for or found.
public struct IrregularRecords: Hashable, Sendable {
  /// Records with too many cells, which were cut, and records with too few, which were filled (`--ragged=fill`).
  public var cut = 0
  public var filled = 0
  /// Records with too many or too few cells that were left out (`--ragged=skip`).
  public var skipped = 0
  /// Lines left out because they repeat the header.
  public var repeatedHeaders = 0

  public init() {}

  public static func += (sum: inout IrregularRecords, other: IrregularRecords) {
    sum.cut += other.cut
    sum.filled += other.filled
    sum.skipped += other.skipped
    sum.repeatedHeaders += other.repeatedHeaders
  }

  /// One sentence for each kind that there is.
  public var notes: [String] {
    let lines: [(Int, String, String)] = [
      (
        cut, "row had more cells than there are columns; they were dropped", "rows had more cells than there are columns; they were dropped"
      ),
      (filled, "row had too few cells; the missing ones are null", "rows had too few cells; the missing ones are null"),
      (skipped, "row with too many or too few cells was left out", "rows with too many or too few cells were left out"),
      (repeatedHeaders, "line that repeats the header was left out", "lines that repeat the header were left out"),
    ]
    return lines.filter { $0.0 > 0 }.map { count, one, many in "\(count) \(count == 1 ? one : many)" }
  }
}
