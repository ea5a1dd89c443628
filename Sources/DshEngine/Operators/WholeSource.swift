// Gives a batch that is there as a whole in pieces.

import DshColumns
import DshFormats

/// One batch that is there already, cut into pieces of at most `batchRows`.
final class WholeSource: BatchSource {
  let schema: Schema
  private let whole: Batch
  private var position = 0
  private let batchRows: Int

  init(_ whole: Batch, batchRows: Int) {
    self.whole = whole
    schema = whole.schema
    self.batchRows = batchRows
  }

  func next() throws -> Batch? {
    guard position < whole.rowCount else { return nil }
    let count = min(batchRows, whole.rowCount - position)
    defer { position += count }
    return whole.slice(from: position, count: count)
  }

  var scanned: ScanProgress { ScanProgress(rows: position, bytes: 0) }

  func finish(_ report: inout TaskReport) { report.rowsScanned += position }
}
