// Some rows in the middle of what a task makes, as one block: what `limit --offset` stores.

import DshColumns

/// The rows with the numbers of a range, counted from the first that comes.
final class RowsSink: BatchSink {
  private let wanted: Range<Int>
  private let builder: BlockBuilder
  private let context: TaskContext
  private var rows = 0

  init(_ schema: Schema, wanted: Range<Int>, context: TaskContext) {
    self.wanted = wanted
    builder = BlockBuilder(schema: schema)
    self.context = context
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let part = wanted.clamped(to: rows..<rows + batch.rowCount)
    if !part.isEmpty { builder.append(batch.slice(from: part.lowerBound - rows, count: part.count)) }
    try TextLimit.check(builder.sizeBytes)
    rows += batch.rowCount
    return rows >= wanted.upperBound ? .enough : .more
  }

  func finish(_ report: inout PipelineReport) throws {
    try context.store(builder.finish())
    report.rows = builder.rowCount
  }
}
