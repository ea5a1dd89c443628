// Rows that are only counted; no block is made.

import DshColumns

/// Counts rows until there are enough; the count is in the report as rows that came out.
final class CountSink: BatchSink {
  private let limit: Int
  private var rows = 0

  init(limit: Int) { self.limit = limit }

  func append(_ batch: Batch) throws -> SinkAnswer {
    rows += batch.rowCount
    return rows >= limit ? .enough : .more
  }

  func finish(_ report: inout PipelineReport) throws {}
}
