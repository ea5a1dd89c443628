// The body of every task: decodes its description, drives batches from the source through the steps into the sink.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshStore

/// Runs pipelines on a node.
public struct PipelineBody: TaskBody {
  public init() {}

  public func run(payload: [UInt8], context: TaskContext) throws -> [UInt8] {
    var reader = ByteReader(payload)
    let task: TaskDescription
    do {
      task = try reader.readTask()
    } catch let failure as DecodingFailure {
      throw Diagnostic("bad-task", .bug, "a task can't be read: \(failure.reason)")
    }
    var report = PipelineReport()
    do {
      try PipelineRun(task, context: context).run(&report)
    } catch let mismatch as SchemaMismatch {
      report = PipelineReport()
      report.mismatch = mismatch
      report.scanRange = mismatch.range
      context.discardBlocks()
    } catch let changed as FileChanged {
      report = PipelineReport()
      report.changedPath = changed.path
      context.discardBlocks()
    } catch {
      let diagnostic = (error as? StepError)?.diagnostic ?? (error as? RowError)?.diagnostic ?? error as? Diagnostic
      guard let diagnostic, diagnostic.category == .user, task.startIsGuessed else { throw diagnostic ?? error }
      // From a wrong start anything may look wrong: the head decides when it knows where the split before ends.
      report.failure = diagnostic
      context.discardBlocks()
    }
    var writer = ByteWriter()
    writer.write(report)
    return writer.bytes
  }
}

/// One task under way.
struct PipelineRun {
  let task: TaskDescription
  let context: TaskContext

  init(_ task: TaskDescription, context: TaskContext) {
    self.task = task
    self.context = context
  }

  func run(_ report: inout PipelineReport) throws {
    if case .copy(let location) = task.source { return try copy(location, &report) }
    var remaining = task.steps[...]
    var scanFilter: Expression?
    if case .file(_, let columns, _) = task.source, case .filter(let predicate)? = remaining.first,
      FileSplitSource.canScan(predicate, columns: columns)
    {
      scanFilter = predicate
      remaining = remaining.dropFirst()
    }
    let source = try makeSource(scanFilter)
    if let split = source as? FileSplitSource { report.scanRange = split.start..<split.start }
    let steps = try TaskSteps(remaining, over: source.schema, firstStep: scanFilter == nil ? 0 : 1)
    let sink = try makeSink(steps.schema)
    var told = ScanProgress(rows: 0, bytes: 0)
    feeding: while true {
      try context.checkCancelled()
      let batch: Batch
      var failure: StepError?
      do {
        guard let next = try source.next() else { break }
        batch = next
        let now = source.scanned
        context.store.arena.header.addScanned(rows: now.rows - told.rows, bytes: now.bytes - told.bytes)
        told = now
      } catch let error as StepError {
        // The sink may have had enough of the rows before; otherwise the error stands.
        throw error
      }
      let (output, stepFailure) = steps.apply(batch)
      failure = stepFailure
      if output.rowCount > 0, try sink.append(output) == .enough {
        report.isComplete = false
        break feeding
      }
      if let failure { throw failure }
      failure = nil
    }
    try source.finish(&report)
    report.stepRows = (scanFilter == nil ? [] : [(source as? FileSplitSource)?.rowsFiltered ?? 0]) + steps.rows + [steps.rowsOut]
    try sink.finish(&report)
  }

  private func copy(_ location: BlockLocation, _ report: inout PipelineReport) throws {
    let block = try context.bytes(of: location)
    let room = try context.createBlock(byteCount: location.byteCount)
    try context.copy(0..<location.byteCount, of: block, into: room.bytes)
    context.seal(room, rows: location.rows)
    report.rows = location.rows
  }

  private func makeSource(_ filter: Expression?) throws -> any BatchSource {
    switch task.source {
    case .file(let scan, let columns, let names):
      return try FileSplitSource(scan, columns: columns, names: names, filter: filter, batchRows: task.batchRows)
    case .range(let start, let step, let count):
      return RangeSource(start: start, step: step, count: count, batchRows: task.batchRows)
    case .rows(let schema, let rows):
      let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
      for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
      return WholeSource(Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rows.count), batchRows: task.batchRows)
    case .block(let slice):
      return WholeSource(try context.rowsInPlace(of: slice), batchRows: task.batchRows)
    case .groups(let slices, let aggregation):
      let groups = try GroupedAggregator(aggregation)
      try TextLimit.check(slices.reduce(0) { $0 + $1.estimatedBytes })
      for slice in slices {
        try context.checkCancelled()
        groups.merge(try context.rows(of: slice))
      }
      return WholeSource(try groups.finish(), batchRows: task.batchRows)
    case .runs(let slices, let schema, let keys):
      let runs = try slices.map { slice in
        try context.checkCancelled()
        return try context.rows(of: slice)
      }
      try TextLimit.check(runs)
      let merged = runs.isEmpty ? Batch.empty(schema) : RangePartitioning.mergeRuns(runs, schema: schema, keys: keys)
      return WholeSource(merged, batchRows: task.batchRows)
    case .copy: preconditionFailure("a block is copied without a source")
    }
  }

  private func makeSink(_ schema: Schema) throws -> any BatchSink {
    switch task.sink {
    case .block(let limit): return BlockSink(schema, limit: limit, context: context)
    case .partials(let aggregation, let partitionCount):
      return try PartialsSink(aggregation, over: schema, partitionCount: partitionCount, step: task.steps.count, context: context)
    case .run(let keys): return RunSink(schema, keys: keys, context: context)
    case .text(let format): return try TextSink(format, schema: schema, context: context)
    case .rows(let wanted): return RowsSink(schema, wanted: wanted, context: context)
    case .ends(let first, let last): return EndsSink(schema, first: first, last: last, context: context)
    case .count(let limit): return CountSink(limit: limit)
    }
  }
}
