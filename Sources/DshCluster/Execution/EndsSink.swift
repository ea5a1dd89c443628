// The first and the last rows of what a task makes, as one block: what `show` stores.

import DshColumns

/// All rows if there are no more than asked for at both ends; else the first ones and the last ones behind one another.
final class EndsSink: BatchSink {
  private let first: Int
  private let last: Int
  private let builder: BlockBuilder
  private let context: TaskContext
  /// What came behind the first rows; the last rows are among it.
  private var latest: [Batch] = []
  private var latestRows = 0

  init(_ schema: Schema, first: Int, last: Int, context: TaskContext) {
    self.first = first
    self.last = last
    builder = BlockBuilder(schema: schema)
    self.context = context
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let taken = min(batch.rowCount, first - builder.rowCount)
    if taken > 0 { builder.append(batch.slice(from: 0, count: taken)) }
    try TextLimit.check(builder.sizeBytes)
    guard taken < batch.rowCount, last > 0 else { return .more }
    latest.append(batch.slice(from: taken, count: batch.rowCount - taken))
    latestRows += batch.rowCount - taken
    while let oldest = latest.first, latestRows - oldest.rowCount >= last {
      latest.removeFirst()
      latestRows -= oldest.rowCount
    }
    return .more
  }

  func finish(_ report: inout PipelineReport) throws {
    var surplus = max(0, latestRows - last)
    for batch in latest {
      let skipped = min(surplus, batch.rowCount)
      surplus -= skipped
      builder.append(batch.slice(from: skipped, count: batch.rowCount - skipped))
      try TextLimit.check(builder.sizeBytes)
    }
    try context.store(builder.finish())
    report.rows = builder.rowCount
  }
}
