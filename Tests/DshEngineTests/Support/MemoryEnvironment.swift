// Surroundings of a task in memory: blocks are batches, and what a task makes is kept to be looked at.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import Synchronization

/// An environment without a store and without other processes.
final class MemoryEnvironment: TaskEnvironment {
  struct State: Sendable {
    var blocks: [BlockRef: Batch] = [:]
    /// What the task made, in order.
    var made: [Batch] = []
    var texts: [String] = []
    var copied: [BlockRef] = []
    var scanned = ScanProgress(rows: 0, bytes: 0)
    /// What is held in reservations, and the most that ever was.
    var heldBytes = 0
    var highWaterBytes = 0
    var programs: @Sendable (ProgramCall) throws -> any RunningProgram = { throw Diagnostic(.badPlan, "no programs here: \($0.command)") }
  }

  private let shared = Mutex(State())
  /// How often the task may ask whether it is still wanted before it is not.
  private let patience: Mutex<Int>
  /// What reservations may hold together.
  private let limitBytes: Int

  init(limitBytes: Int = .max, patience: Int = .max) {
    self.limitBytes = limitBytes
    self.patience = Mutex(patience)
  }

  var state: State { shared.withLock { $0 } }
  /// The rows of all blocks that were made.
  var rows: [[Value]] { state.made.flatMap(\.rows) }

  /// Puts a batch where tasks can read it.
  func add(_ batch: Batch) -> BlockSlice {
    shared.withLock { state in
      let id = BlockID(task: UInt64(state.blocks.count + 1), ordinal: 0)
      let block = BlockRef(id: id, node: 1, epoch: 0, byteCount: batch.rowCount * 8, rows: batch.rowCount)
      state.blocks[block] = batch
      return BlockSlice(block)
    }
  }

  func checkCancelled() throws(Diagnostic) {
    let isWanted = patience.withLock { left in
      left -= 1
      return left >= 0
    }
    if !isWanted { throw Diagnostic(.cancelled, "cancelled") }
  }

  func rows(of slice: BlockSlice) throws -> Batch {
    guard let batch = state.blocks[slice.block] else { throw Diagnostic(.blockLost, "no block \(slice.block.id)") }
    return batch.slice(from: slice.rows.lowerBound, count: slice.rows.count)
  }

  func rowsInPlace(of slice: BlockSlice) throws -> Batch { try rows(of: slice) }
  func copy(_ block: BlockRef) throws { shared.withLock { $0.copied.append(block) } }

  func store(_ block: EncodedBlock) throws {
    let memory = MutableBuffer(capacity: block.byteCount)
    memory.byteCount = block.byteCount
    let whole = UnsafeMutableRawBufferPointer(start: memory.start, count: block.byteCount)
    block.write(into: whole)
    let batch = try BlockFormat.decode(UnsafeRawBufferPointer(whole), owner: memory)
    shared.withLock { $0.made.append(batch) }
  }

  func store(_ bytes: UnsafeRawBufferPointer, rows: Int) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    shared.withLock { $0.texts.append(text) }
  }

  func startProgram(_ call: ProgramCall) throws -> any RunningProgram { try shared.withLock { $0.programs }(call) }

  /// How programs are started.
  var programs: @Sendable (ProgramCall) throws -> any RunningProgram {
    get { shared.withLock { $0.programs } }
    set { shared.withLock { $0.programs = newValue } }
  }

  func makeReservation() -> any MemoryReservation { Reservation(self) }

  func addScanned(_ progress: ScanProgress) {
    shared.withLock { state in
      state.scanned.rows += progress.rows
      state.scanned.bytes += progress.bytes
    }
  }

  private final class Reservation: MemoryReservation {
    private let environment: MemoryEnvironment
    private var byteCount = 0

    init(_ environment: MemoryEnvironment) { self.environment = environment }

    deinit { environment.hold(-byteCount) }

    func resize(to byteCount: Int) throws(Diagnostic) {
      guard environment.hold(byteCount - self.byteCount) else { throw Diagnostic(.storeFull, "no room for \(byteCount) bytes") }
      self.byteCount = byteCount
    }
  }

  @discardableResult
  private func hold(_ more: Int) -> Bool {
    shared.withLock { state in
      guard more <= 0 || state.heldBytes + more <= limitBytes else { return false }
      state.heldBytes += more
      state.highWaterBytes = max(state.highWaterBytes, state.heldBytes)
      return true
    }
  }
}

/// Runs one task by its bytes, as a node would.
@discardableResult
func runTask(
  _ source: any SourceSpec, _ steps: [any StepSpec] = [], _ sink: any SinkSpec = MakeBlock(), batchRows: Int = 3,
  in environment: MemoryEnvironment
) throws -> TaskReport {
  let bytes = TaskSpec(source: source, steps: steps, sink: sink, batchRows: batchRows).bytes
  var reader = ByteReader(try TaskRunner(environment).run(bytes, discardBlocks: {}))
  return try reader.readTaskReport()
}

/// Columns called `a`, `b`, `c`, … as a batch.
func batch(_ columns: Column...) -> Batch { batch(columns) }

func batch(_ columns: [Column]) -> Batch {
  let names = "abcdefghijklmnopqrstuvwxyz".map(String.init)
  return Batch(
    schema: Schema(zip(names, columns).map { Field($0, $1.type) }), columns: columns, rowCount: columns.first?.count ?? 0)
}

extension MemoryEnvironment {
  /// A source over a batch.
  func source(_ batch: Batch) -> BlockRows { BlockRows(batch.schema, add(batch)) }
}

extension Batch {
  var rows: [[Value]] { (0..<rowCount).map(row) }
}

/// Rows of whole numbers; nil is null.
func numbers(_ rows: [[Int64?]]) -> [[Value]] { rows.map { $0.map { $0.map { .int64($0) } ?? .null } } }
