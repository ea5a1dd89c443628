// How much one column of a block can hold: checked wherever batches are put together, so that no offset wraps.

import DshColumns
import DshDiagnostics

/// The size that a block, or a batch made of several, may have.
public enum TextLimit {
  /// Offsets into the text of a column have 32 bits with a sign, and what is checked may be joined by one more batch of as much.
  public static let bytes = 1 << 30 - 1

  /// Throws `block-too-large` if so many bytes don't fit.
  public static func check(_ byteCount: Int) throws(Diagnostic) {
    guard byteCount > bytes else { return }
    throw Diagnostic(
      .blockTooLarge, "a block would grow beyond \(bytes >> 20) MiB",
      notes: ["make blocks smaller: read with --block-bytes=16M, select fewer columns, or sort and group by shorter keys"])
  }

  /// Throws if the texts of a column of these batches don't fit into one column, laid out plainly.
  public static func check(_ batches: [Batch]) throws(Diagnostic) {
    guard let columnCount = batches.first?.columns.count else { return }
    for column in 0..<columnCount { try check(batches.reduce(0) { $0 + $1.columns[column].plainTextBytes }) }
  }
}
