// What operators get of a node: its store, rows of the other stores, and the wish to stop.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshStore
import DshTasks

extension TaskContext: TaskEnvironment {
  public func copy(_ block: BlockRef) throws {
    let source = try bytes(of: block)
    let room = try createBlock(byteCount: block.byteCount)
    try copy(0..<block.byteCount, of: source, into: room.bytes)
    seal(room, rows: block.rows)
  }

  public func store(_ block: EncodedBlock) throws {
    seal(try block.withRuns { try createBlock(of: $0) }, rows: block.rowCount)
  }

  public func store(_ bytes: UnsafeRawBufferPointer, rows: Int) throws {
    seal(try createBlock(of: [bytes]), rows: rows)
  }

  public func makeReservation() -> any MemoryReservation { StoreReservation(self) }

  public func startProgram(_ call: ProgramCall) throws -> any RunningProgram {
    try TaskProgram(call, node: nodeName(node), task: task, isGuarded: guardsPrograms) { () throws(Diagnostic) in try self.checkCancelled()
    }
  }

  public func addScanned(_ progress: ScanProgress) { store.arena.header.addScanned(rows: progress.rows, bytes: progress.bytes) }
}

/// Memory of operators, counted in the store of their node.
private final class StoreReservation: MemoryReservation {
  private let context: TaskContext
  private var byteCount = 0

  init(_ context: TaskContext) { self.context = context }

  func resize(to wanted: Int) throws(Diagnostic) {
    let more = wanted - byteCount
    try context.withRoom(max(0, more)) { () throws(Diagnostic) in try context.store.reserve(more) }
    byteCount = wanted
  }

  deinit { context.store.unreserve(byteCount) }
}

/// Runs pipelines on a node.
public struct PipelineBody: TaskBody {
  public init() {}

  public func run(payload: [UInt8], context: TaskContext) throws -> [UInt8] {
    try TaskRunner(context).run(payload, discardBlocks: context.discardBlocks)
  }
}
