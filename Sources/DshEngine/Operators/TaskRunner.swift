// Runs a task: reads what it is, and drives batches from the source through the steps into the sink.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// The body of every task, wherever it runs: bytes in, blocks in the environment and a report out.
public struct TaskRunner: Sendable {
  private let environment: any TaskEnvironment

  public init(_ environment: any TaskEnvironment) { self.environment = environment }

  /// Runs a task to its end.
  ///
  /// - Parameter discardBlocks: gives up what the task has made; called where the report is about a failure only.
  /// - Returns: the bytes of its `TaskReport`.
  public func run(_ bytes: [UInt8], discardBlocks: () -> Void) throws -> [UInt8] {
    let task: TaskSpec
    do {
      task = try TaskSpec(decoding: bytes)
    } catch let failure as DecodingFailure {
      throw Diagnostic(.badTask, "a task can't be read: \(failure.reason)")
    }
    var report = TaskReport()
    do {
      try run(task, &report)
    } catch let mismatch as SchemaMismatch {
      report = TaskReport()
      report.mismatch = mismatch
      report.scanRange = mismatch.range
      discardBlocks()
    } catch let changed as FileChanged {
      report = TaskReport()
      report.changed = changed
      discardBlocks()
    } catch {
      let diagnostic = (error as? StepError)?.diagnostic ?? (error as? RowError)?.diagnostic ?? error as? Diagnostic
      guard let diagnostic, diagnostic.category == .user, task.startIsGuessed else { throw diagnostic ?? error }
      // From a wrong start anything may look wrong: whoever asked decides when it is known where the split before ends.
      report.failure = diagnostic
      discardBlocks()
    }
    var writer = ByteWriter()
    writer.write(report)
    return writer.bytes
  }

  func run(_ task: TaskSpec, _ report: inout TaskReport) throws {
    var remaining = task.steps[...]
    var filter: SourceFilter?
    if let first = remaining.first as? Filter, task.source.canApply(first.predicate) {
      remaining = remaining.dropFirst()
      let isCounted = remaining.isEmpty && task.sink is CountRows
      filter = SourceFilter(first.predicate, keeping: isCounted ? [] : (remaining.first as? Project)?.columnsRead)
    }
    let source = try task.source.open(filter: filter, batchRows: task.batchRows, environment)
    source.begin(&report)
    let steps = try StepChain(remaining, over: source.schema, firstStep: filter == nil ? 0 : 1, environment)
    let sink = try task.sink.open(over: steps.schema, step: task.steps.count, environment)
    var told = ScanProgress(rows: 0, bytes: 0)
    while true {
      try environment.checkCancelled()
      guard let batch = try source.next() else { break }
      let now = source.scanned
      environment.addScanned(ScanProgress(rows: now.rows - told.rows, bytes: now.bytes - told.bytes))
      told = now
      // The sink may have had enough of the rows before one that fails; otherwise its error stands.
      if try steps.apply(batch, sink.append) == .enough {
        report.isComplete = false
        break
      }
    }
    if report.isComplete, try steps.end(sink.append) == .enough { report.isComplete = false }
    steps.finish(&report)
    try source.finish(&report)
    report.stepRows = (filter == nil ? [] : [source.rowsFiltered]) + steps.rows + [steps.rowsOut]
    try sink.finish(&report)
  }
}

extension TaskSpec {
  /// Whether it reads a split whose first record was guessed.
  var startIsGuessed: Bool { (source as? ReadSplit).map { !$0.scan.startIsExact } ?? false }
}
