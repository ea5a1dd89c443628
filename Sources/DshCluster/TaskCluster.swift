// Where tasks run and blocks lie, as whoever runs stages sees it.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshStore

/// Runs tasks on nodes and keeps their blocks: local processes, one deterministic process for tests, later another engine.
protocol TaskCluster: AnyObject {
  /// Tasks that all nodes together run at once.
  var slots: Int { get }
  /// What each task may use of the store of its node.
  var taskMemoryBytes: Int { get }
  /// The nodes that take tasks, in order.
  var takers: [NodeIndex] { get }
  /// Nodes that ended by themselves, in order, as `node1 (process 4711)`.
  var deaths: [String] { get }

  /// Runs tasks to the end and waits for them; their results come in order, and their blocks are the receiver's to settle.
  ///
  /// - Throws: the failure of the first task, in order, that failed; `cancelled`; `task-killed-node`; `cluster-lost`; what `receive` throws.
  func run(
    _ set: TaskSet, receive: (TaskResult) throws(Diagnostic) -> Continuation, progress: ((RunProgress) -> Void)?
  ) throws(Diagnostic)

  /// A failure of a task with the machine that it ran on, where that explains it.
  func located(_ failure: Diagnostic, on node: NodeIndex) -> Diagnostic

  /// Says what becomes of blocks; those that are gone are passed over.
  func settle(_ blocks: [BlockRef], as retention: BlockState.Retention)
  /// Protects blocks until they are released as often; those that can't be had.
  ///
  /// - Parameter deadline: whoever has not answered by then counts as not having the blocks. Today an answer takes a message; once blocks can lie on
  ///   disk, this is the time that they have to come back in before making them anew is the better way.
  /// - Throws: `cancelled`; then nothing is held.
  func acquire(_ blocks: [BlockRef], deadline: Deadline) throws(Diagnostic) -> [BlockID]
  func release(_ blocks: [BlockRef])
  /// Lets pinned blocks go to disk when memory is wanted for others.
  func allowSpilling(_ blocks: [BlockRef])
  /// Puts blocks on disk now, and waits for that.
  ///
  /// - Throws: why that can't be done, `cancelled` among it.
  func moveToDisk(_ blocks: [BlockRef]) throws(Diagnostic)
  /// Whether a block lies on disk.
  func isOnDisk(_ block: BlockRef) -> Bool
  /// Whether a block still exists.
  func contains(_ block: BlockRef) -> Bool

  /// What the head brings rows of blocks to itself with.
  func headReader() -> any HeadReader
  /// Answers a question about each of some blocks where it lies; nothing is counted as moved.
  func inspect(_ blocks: [BlockRef], _ inspection: BlockInspection) throws -> [[[Value]]]
  /// What moved between stores since the start, by source and destination.
  func transfers() -> [Transfer]
  /// Waits until cancelled tasks can move nothing any more.
  func awaitMovements()
}

extension TaskCluster {
  func located(_ failure: Diagnostic, on node: NodeIndex) -> Diagnostic { failure }
}

/// Brings rows of blocks to the head, for one statement.
protocol HeadReader: AnyObject {
  /// The rows of each slice, copied row-exactly and counted as moved.
  func rows(of slices: [BlockSlice]) throws -> [Batch]
  /// Calls `body` with the bytes of a whole block, which are valid meanwhile; they count as read in place if they are not copied.
  func withBytes(of block: BlockRef, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
  /// The bytes that it has moved so far.
  var movedByteCount: Int { get }
}
