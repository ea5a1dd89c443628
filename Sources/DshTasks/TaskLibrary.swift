// Does what a request asks: the whole of the task library but for its C interface.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshSystem
import Synchronization

/// Runs requests over memory that is given.
public enum TaskLibrary {
  /// Does what a request asks, on the thread that calls.
  ///
  /// - Parameters:
  ///   - request: the bytes of a `LibraryRequest`; other bytes are answered by a failure.
  ///   - memories: what comes with it. They stay as they are until the segments of the answer, which may point there, are not needed.
  ///   - isCancelled: whether nobody wants the result any more; asked often.
  /// - Returns: what became of it, and the block or bundle that was made.
  public static func answer(
    _ request: [UInt8], memories: [Buffer], isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> (outcome: LibraryOutcome, made: Segments?) {
    let start = monotonicNanoseconds()
    do {
      switch try decode(request) {
      case .run(let task): return try run(task, memories, isCancelled, since: start)
      case .cut(let slices, let blocks): return try cut(slices, blocks, memories, since: start)
      case .inspect(let inspection):
        return (.inspected(try memories.map { inspection.answer(try readBlock(BlockID(rawValue: 0), $0)) }), nil)
      }
    } catch {
      let diagnostic = error as? Diagnostic ?? Diagnostic(.taskError, "a task failed in an unforeseen way: \(error)")
      return (.failed(diagnostic, nanoseconds: monotonicNanoseconds() - start), nil)
    }
  }

  /// Whether this process keeps memory that is freed.
  private static let memoryPolicy = Mutex(false)

  private static func decode(_ request: [UInt8]) throws(Diagnostic) -> LibraryRequest {
    do { return try LibraryRequest(decoding: request) } catch {
      throw Diagnostic(.badTask, "a request can't be read: \(error.reason)")
    }
  }

  private static func run(
    _ task: TaskRequest, _ memories: [Buffer], _ isCancelled: @escaping @Sendable () -> Bool, since start: Int64
  ) throws -> (LibraryOutcome, Segments?) {
    memoryPolicy.withLock { isSet in
      // Memory that goes back to the system is zeroed when it comes again, which costs as much as what is done in it.
      if !isSet { keepFreedMemory(besideStoreOf: task.memoryBytes) }
      isSet = true
    }
    let environment = try GivenMemory(task, memories: memories, isCancelled: isCancelled)
    let report = try TaskRunner(environment).run(task.spec, discardBlocks: environment.discardBlocks)
    let segments = environment.made.map { Segments($0.runs) }
    let made = segments.map { MadeBytes(rows: environment.made?.rows ?? 0, byteCount: $0.byteCount) }
    return (.done(report: report, made: made, nanoseconds: monotonicNanoseconds() - start), segments)
  }

  /// Lays out rows of blocks as one bundle; rows that are not the whole of their block with text as compact as it can be.
  private static func cut(
    _ slices: [CutSlice], _ blocks: [BlockID], _ memories: [Buffer], since start: Int64
  ) throws -> (LibraryOutcome, Segments?) {
    guard blocks.count == memories.count else {
      throw Diagnostic(.badTask, "a request of \(blocks.count) blocks came with \(memories.count) memories")
    }
    var wholes: [BlockID: Batch] = [:]
    for (id, memory) in zip(blocks, memories) { wholes[id] = try readBlock(id, memory) }
    let entries = try slices.map { slice in
      guard let whole = wholes[slice.block] else { throw Diagnostic(.blockLost, "block \(slice.block) did not come with its request") }
      guard slice.firstRow <= whole.rowCount, slice.rowCount <= whole.rowCount - slice.firstRow else {
        throw Diagnostic(.badBlockRange, "block \(slice.block) has no rows \(slice.firstRow)..<\(slice.firstRow + slice.rowCount)")
      }
      if slice.rowCount == whole.rowCount { return BundleEntry(block: slice.block, firstRow: 0, rows: whole) }
      let part = whole.slice(from: slice.firstRow, count: slice.rowCount)
      try TextLimit.check([part])
      return BundleEntry(block: slice.block, firstRow: slice.firstRow, rows: part.withoutLargeTables())
    }
    let segments = Segments(Bundle.runs(of: entries))
    let rows = entries.reduce(0) { $0 + $1.rows.rowCount }
    let made = MadeBytes(rows: rows, byteCount: segments.byteCount)
    return (.done(report: [], made: made, nanoseconds: monotonicNanoseconds() - start), segments)
  }
}
