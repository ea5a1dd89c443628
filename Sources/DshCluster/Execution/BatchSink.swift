// What becomes of the batches of a task: blocks in the store of its node.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan

enum SinkAnswer { case more, enough }

/// Takes batches and makes blocks of them.
protocol BatchSink: AnyObject {
  func append(_ batch: Batch) throws -> SinkAnswer
  func finish(_ report: inout PipelineReport) throws
}

/// All rows, or the first so many, as one block.
final class BlockSink: BatchSink {
  private let builder: BlockBuilder
  private let limit: Int?
  private let context: TaskContext

  init(_ schema: Schema, limit: Int?, context: TaskContext) {
    builder = BlockBuilder(schema: schema)
    self.limit = limit
    self.context = context
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    builder.append(batch)
    try TextLimit.check(builder.sizeBytes)
    if let limit, builder.rowCount >= limit { return .enough }
    return .more
  }

  func finish(_ report: inout PipelineReport) throws {
    try context.store(builder.finish())
    report.rows = builder.rowCount
  }
}

/// Partial aggregation; partitions lie behind one another in one block.
final class PartialsSink: BatchSink {
  private let groups: GroupedAggregator
  private let aggregation: Aggregation
  private let partitionCount: Int
  /// The number of this step in the task, and the rows that entered it.
  private let step: Int
  private var rows = 0
  private let context: TaskContext

  init(_ aggregation: Aggregation, over schema: Schema, partitionCount: Int, step: Int, context: TaskContext) throws {
    groups = try GroupedAggregator(aggregation, inputs: schema.types)
    self.aggregation = aggregation
    self.partitionCount = partitionCount
    self.step = step
    self.context = context
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    let rowsBefore = rows
    rows += batch.rowCount
    do {
      try groups.update(batch.columns, rowCount: batch.rowCount)
    } catch {
      throw StepError(error, step: step, rowsBefore: rowsBefore)
    }
    return .more
  }

  func finish(_ report: inout PipelineReport) throws {
    let partitions = groups.partials(partitionCount)
    report.partitionRows = partitions.map(\.rowCount)
    let builder = BlockBuilder(schema: aggregation.stateSchema)
    for partition in partitions {
      builder.append(partition)
      try TextLimit.check(builder.sizeBytes)
    }
    report.rows = builder.rowCount
    try context.store(builder.finish())
  }
}

/// All rows in order.
final class RunSink: BatchSink {
  private let builder: BlockBuilder
  private let keys: [SortColumn]
  private let context: TaskContext

  init(_ schema: Schema, keys: [SortColumn], context: TaskContext) {
    builder = BlockBuilder(schema: schema)
    self.keys = keys
    self.context = context
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    builder.append(batch)
    try TextLimit.check(builder.sizeBytes)
    return .more
  }

  func finish(_ report: inout PipelineReport) throws {
    let whole = builder.finish()
    let sorted = whole.gather(sortIndexes(whole.columns, keys: keys, rowCount: whole.rowCount))
    report.rows = sorted.rowCount
    try context.store(sorted)
  }
}

/// The rows as a part of a file: a block of plain bytes.
final class TextSink: BatchSink {
  private let part: any FormatPart
  private let output = MutableBuffer(capacity: 1 << 16)
  private let context: TaskContext
  private var rows = 0

  init(_ format: String, schema: Schema, context: TaskContext) throws {
    part = try FormatRegistry.named(format).writingOrRefusal().makePart(schema, output: output)
    self.context = context
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    part.append(batch)
    rows += batch.rowCount
    return .more
  }

  func finish(_ report: inout PipelineReport) throws {
    report.partMetadata = part.finish()
    let room = try context.createBlock(byteCount: output.byteCount)
    room.bytes.copyMemory(from: UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
    context.seal(room, rows: rows)
    report.rows = rows
  }
}
