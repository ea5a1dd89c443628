// The surroundings of a task that has no store: the memory that came with it, and room for the one block that it makes.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import Synchronization

/// What a task of a `TaskRequest` may use.
///
/// Rows are read where they lie. Whoever gave the memory keeps it until the task has ended and what it made, which may point there, is
/// not needed any more.
public final class GivenMemory: TaskEnvironment {
  private let request: TaskRequest
  private let isCancelled: @Sendable () -> Bool
  /// Whole blocks as they are, for copies.
  private let blocks: [BlockID: (memory: Buffer, rowCount: Int)]
  private let entries: [BlockID: [BundleEntry]]
  private let state = Mutex(State())

  private struct State {
    var reservedBytes = 0
    var made: Made?
  }

  /// What the task has made.
  struct Made: Sendable {
    let runs: [Buffer]
    let rows: Int
  }

  /// - Parameters:
  ///   - memories: those that the request lists.
  ///   - isCancelled: whether nobody wants the result any more.
  /// - Throws: `bad-task` or `bad-block` if a memory is not what the request says.
  public init(_ request: TaskRequest, memories: [Buffer], isCancelled: @escaping @Sendable () -> Bool) throws(Diagnostic) {
    guard request.inputs.count == memories.count else {
      throw Diagnostic(.badTask, "a task of \(request.inputs.count) inputs came with \(memories.count) memories")
    }
    var blocks: [BlockID: (memory: Buffer, rowCount: Int)] = [:]
    var entries: [BlockID: [BundleEntry]] = [:]
    for (input, memory) in zip(request.inputs, memories) {
      switch input {
      case .block(let id):
        let rows = try readBlock(id, memory)
        blocks[id] = (memory, rows.rowCount)
        entries[id, default: []].append(BundleEntry(block: id, firstRow: 0, rows: rows))
      case .bundle:
        do { for entry in try Bundle.read(memory) { entries[entry.block, default: []].append(entry) } } catch {
          throw Diagnostic(.badBlock, "a bundle can't be read: \(error.reason)")
        }
      }
    }
    self.request = request
    self.isCancelled = isCancelled
    self.blocks = blocks
    self.entries = entries
  }

  /// The block that was made.
  var made: Made? { state.withLock { $0.made } }

  /// Gives up what was made.
  func discardBlocks() { state.withLock { $0.made = nil } }

  public var isElsewhere: Bool { request.isElsewhere }

  public func checkCancelled() throws(Diagnostic) {
    if isCancelled() { throw Diagnostic(.cancelled, "cancelled") }
  }

  public func rows(of slice: BlockSlice) throws -> Batch {
    let wanted = slice.rows
    for entry in entries[slice.block.id] ?? [] {
      let start = wanted.lowerBound - entry.firstRow
      guard start >= 0, wanted.count <= entry.rows.rowCount, start <= entry.rows.rowCount - wanted.count else { continue }
      return wanted.count == entry.rows.rowCount ? entry.rows : entry.rows.slice(from: start, count: wanted.count)
    }
    throw Diagnostic(.blockLost, "rows \(wanted.lowerBound)..<\(wanted.upperBound) of block \(slice.block.id) did not come with their task")
  }

  public func rowsInPlace(of slice: BlockSlice) throws -> Batch { try rows(of: slice) }

  public func copy(_ block: BlockRef) throws {
    guard let whole = blocks[block.id], block.byteCount <= whole.memory.byteCount else {
      throw Diagnostic(.blockLost, "block \(block.id) did not come with the task that copies it")
    }
    try keep([whole.memory.slice(from: 0, byteCount: block.byteCount)], rows: block.rows)
  }

  public func store(_ block: EncodedBlock) throws { try keep(block.runs, rows: block.rowCount) }

  public func store(_ bytes: UnsafeRawBufferPointer, rows: Int) throws {
    let memory = MutableBuffer(capacity: bytes.count)
    // The bytes are there as long as this call only.
    if let base = bytes.baseAddress { unsafe memory.append(base, byteCount: bytes.count) }
    try keep([memory.freeze()], rows: rows)
  }

  private func keep(_ runs: [Buffer], rows: Int) throws(Diagnostic) {
    let isFirst = state.withLock { state in
      defer { state.made = state.made ?? Made(runs: runs, rows: rows) }
      return state.made == nil
    }
    if !isFirst { throw Diagnostic(.badTask, "a task makes more than one block") }
  }

  public func makeReservation() -> any MemoryReservation { Reservation(self) }

  /// Counts so many bytes more against what the operators may hold, or fewer.
  fileprivate func reserve(_ byteCount: Int) throws(Diagnostic) {
    let limit = request.memoryBytes
    let isRefused = state.withLock { state in
      guard byteCount <= 0 || byteCount <= limit - state.reservedBytes else { return true }
      state.reservedBytes += byteCount
      return false
    }
    guard isRefused else { return }
    throw Diagnostic(
      .storeFull, "the memory of \(request.node) is full: a task needs more room",
      notes: ["limit: \(limit) bytes for what the operators of one task hold"])
  }

  public func startProgram(_ call: ProgramCall) throws -> any RunningProgram {
    // The process that runs the task is some other program, which is no guard.
    try TaskProgram(call, node: request.node, task: request.task, isGuarded: false) { [self] () throws(Diagnostic) in try checkCancelled() }
  }

  public func addScanned(_ progress: ScanProgress) {}
}

/// Memory of an operator, counted for its task.
private final class Reservation: MemoryReservation {
  private let environment: GivenMemory
  private var byteCount = 0

  init(_ environment: GivenMemory) { self.environment = environment }

  func resize(to wanted: Int) throws(Diagnostic) {
    try environment.reserve(wanted - byteCount)
    byteCount = wanted
  }

  // Fewer bytes are never refused.
  deinit { try? environment.reserve(-byteCount) }
}

/// The rows of a whole block that is given.
func readBlock(_ id: BlockID, _ memory: Buffer) throws(Diagnostic) -> Batch {
  do { return try unsafe BlockFormat.decode(memory.bytes, owner: nil) } catch {
    let reason = (error as? DecodingFailure)?.reason ?? "\(error)"
    throw Diagnostic(.badBlock, "block \(id) can't be read: \(reason)")
  }
}
