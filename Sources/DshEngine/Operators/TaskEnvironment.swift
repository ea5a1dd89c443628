// What an operator may ask of the process its task runs in: rows of blocks, room for new ones, and whether it is still wanted.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// The surroundings of a running task.
public protocol TaskEnvironment: Sendable {
  /// Whether it runs on another machine than the shell, where files of shared folders differ in more than their size and time of modification.
  var isElsewhere: Bool { get }
  /// Throws `cancelled` if nobody wants the result any more. Cheap: ask once a batch.
  func checkCancelled() throws(Diagnostic)
  /// The rows of a slice: in place from the own store, else copied row-exactly, and counted as moved.
  func rows(of slice: BlockSlice) throws -> Batch
  /// The rows of a slice where they lie; what is read of another store is counted as read in place.
  func rowsInPlace(of slice: BlockSlice) throws -> Batch
  /// The same for rows that are looked up here and there.
  func tableInPlace(of slice: BlockSlice) throws -> Batch
  /// Copies a whole block into the own store.
  func copy(_ block: BlockRef) throws
  /// Writes a block to the own store and seals it.
  func store(_ block: EncodedBlock) throws
  /// Stores bytes that are no columns, such as a part of a file, as a sealed block.
  func store(_ bytes: UnsafeRawBufferPointer, rows: Int) throws
  /// Memory that an operator holds besides blocks, counted against the limit of the node's store until the reservation is gone.
  func makeReservation() -> any MemoryReservation
  /// Starts a program of the person's.
  func startProgram(_ call: ProgramCall) throws -> any RunningProgram
  /// Tells how much a source has read since the last time.
  func addScanned(_ progress: ScanProgress)
}

/// What an operator holds of the node's memory; it ends with its last reference.
public protocol MemoryReservation: AnyObject {
  /// Says that so many bytes are held now, more or fewer than before. Ask before they are taken.
  ///
  /// - Throws: `store-full` if the limit of the store does not allow them; what was held before stays held.
  func resize(to byteCount: Int) throws(Diagnostic)
}

extension TaskEnvironment {
  public var isElsewhere: Bool { false }
  public func tableInPlace(of slice: BlockSlice) throws -> Batch { try rowsInPlace(of: slice) }
}
