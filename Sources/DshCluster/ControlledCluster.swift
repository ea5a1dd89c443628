// A cluster whose nodes can be looked at and changed, as a backend over it sees it.

import DshBackend
import DshColumns
import DshDiagnostics

/// A cluster that a person can look at and change.
protocol ControlledCluster: TaskCluster {
  /// Gets readable when whatever is being waited for shall be given up; it is not read.
  var cancellation: Int32? { get set }
  /// Called as soon as `takeEvents` has something, while anything is waited for.
  var onEvents: (() -> Void)? { get set }
  /// Descriptors that get readable when something may have happened; then call `handlePendingEvents`.
  var pollNumbers: [Int32] { get }
  /// Takes in what has happened, without waiting.
  func handlePendingEvents()
  /// What happened since the last time, in order; to be told once.
  func takeEvents() -> [ClusterEvent]

  /// Waits until it is known which nodes there are.
  ///
  /// - Throws: why there are none; `cancelled`.
  func awaitStart() throws(Diagnostic)
  /// All nodes, the head first.
  func nodeSummaries() throws -> [NodeSummary]
  /// All blocks of the nodes, in order of their names.
  func blockEntries() throws -> [BlockEntry]
  /// Finds out where blocks are now, where a cluster does not know that by itself.
  func locateBlocks() throws
  /// The nodes that have a block: the one that it lies on, and those that have copies of it; none if that is not known.
  func places(of block: BlockRef) -> [NodeIndex]
  /// Whether a block lies on disk.
  func isSpilled(_ block: BlockRef) -> Bool
  /// The rows of slices at the head, a batch for each: in place where they lie on this machine.
  func rowsAtHead(of slices: [BlockSlice]) throws -> [Batch]
  /// The memory of a node's store that other processes can map; nil where there is none.
  func sharedStore(of node: NodeIndex) -> SharedStore?
  /// Bytes of blocks on disk that were looked at.
  var diskReadBytes: Int { get }

  /// The end of what its processes have said beside their work.
  var logText: String { get }

  var largestNodeCount: Int { get }
  func addNodes(_ count: Int) throws
  /// Ends a node as a crash would.
  func killNode(_ name: String) throws
  /// Copies what a node holds to the others and ends it; how many blocks that were. Call it inside of a statement of the runner.
  func drain(_ name: String, of runner: GraphRunner) throws -> (blocks: Int, work: StageWork)
}
