// The border to whatever runs plans: the local cluster now, an existing distributed engine later.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

/// Runs logical plans. Every call may throw `Diagnostic`s, `SchemaSurprise` and `FileChanged`.
public protocol Backend: AnyObject {
  /// The first rows of a plan, brought to the shell; `isWhole` says that all rows are wanted.
  func take(_ plan: LogicalPlan, count: Int) throws -> TakeResult
  /// The first `head` and the last `tail` rows and the number of all.
  func headAndTail(_ plan: LogicalPlan, head: Int, tail: Int) throws -> (rows: Batch, head: Int, total: Int, run: RunSummary)
  /// All rows; throws `ByteLimitExceeded` if they take more bytes than the limit allows.
  func takeAll(_ plan: LogicalPlan, limitBytes: Int?) throws -> (rows: Batch, run: RunSummary)
  /// Makes all blocks of a plan, which stay where they are made, as cache; how many rows they have.
  func compute(_ plan: LogicalPlan) throws -> (rows: Int, run: RunSummary)
  /// Global aggregates.
  func aggregate(_ plan: LogicalPlan, _ calls: [AggregateCall]) throws -> (values: [Value], run: RunSummary)
  /// The whole plan as text, handed over part by part in order.
  func text(_ plan: LogicalPlan, format: String, part: @escaping (TextPart) throws -> Void) throws -> (
    rows: Int, bytes: Int, run: RunSummary
  )
  /// Computes the plan and keeps its blocks, until `release` is called as often.
  func keep(_ plan: LogicalPlan, pinned: Bool) throws -> (kept: KeptSummary, run: RunSummary)
  /// Ends one `keep`; `pinned` as it was said there.
  func release(_ plan: LogicalPlan, pinned: Bool)
  func kept(_ plan: LogicalPlan) -> KeptSummary?
  /// Texts of a column of a kept plan, the most frequent first, from a look at some of its blocks; runs nothing.
  func frequentTexts(_ plan: LogicalPlan, column: String) -> [(text: String, count: Int)]
  /// The stages of a plan as text, with estimates; runs nothing.
  func explain(_ plan: LogicalPlan) -> [String]

  func nodes() throws -> [NodeSummary]
  func blocks() throws -> [BlockSummary]
  func transfers() throws -> [Movement]
  func addNodes(_ count: Int) throws
  func killNode(_ name: String) throws
  /// Copies the blocks of a node to the others and ends it; how many there were.
  func drainNode(_ name: String) throws -> (blocks: Int, run: RunSummary)
  /// News since the last time.
  func takeNotices() -> [String]
  /// Descriptors that get readable when `takeNotices` may have something.
  var pollNumbers: [Int32] { get }

  var settings: BackendSettings { get set }
  /// Gets readable when the running call shall be cancelled.
  var cancellation: Int32? { get set }
  var progress: ((ProgressSummary) -> Void)? { get set }
  /// Told at once what happens while a call runs; without it, that comes with the next `takeNotices`.
  var news: ((String) -> Void)? { get set }
  /// Ends everything that was started; `waits` says whether to wait until its memory is given back.
  func close(waits: Bool)
}

/// A part of a dataset as text; its bytes are valid while it is handed over.
public struct TextPart {
  public var bytes: UnsafeRawBufferPointer
  public var rows: Int
  /// Which part it is, and how many there are.
  public var index: Int
  public var count: Int
}

/// Settings that change speed and placement, never rows.
public struct BackendSettings: Sendable, Equatable {
  public var batchRows = 8192
  public var disabledRules: Set<String> = []

  public init() {}
}

/// How far the running stage of a statement is.
public struct ProgressSummary: Sendable, Equatable {
  public struct Node: Sendable, Hashable {
    public var name: String
    public var slots: Int
    public var runningTasks: Int

    public init(name: String, slots: Int, runningTasks: Int) {
      self.name = name
      self.slots = slots
      self.runningTasks = runningTasks
    }
  }

  public var totalTasks: Int
  public var finishedTasks: Int
  public var seconds: Double
  /// Rows read at sources, and bytes of files among that.
  public var scannedRows: Int
  public var scannedBytes: Int
  public var nodes: [Node]
  /// Nodes that have not answered since the statement was cancelled.
  public var silentNodes: [String] = []

  public init(totalTasks: Int, finishedTasks: Int, seconds: Double, scannedRows: Int = 0, scannedBytes: Int = 0, nodes: [Node] = []) {
    self.totalTasks = totalTasks
    self.finishedTasks = finishedTasks
    self.seconds = seconds
    self.scannedRows = scannedRows
    self.scannedBytes = scannedBytes
    self.nodes = nodes
  }
}

/// What running a plan did.
public struct RunSummary: Sendable {
  public var blocksTotal = 0
  public var blocksRun = 0
  public var blocksReused = 0
  /// Splits of files read once more, because where their records begin had been guessed wrongly.
  public var splitsReread = 0
  /// Records of files that are not given as they stand there.
  public var irregular = IrregularRecords()
  public var moved: [Movement] = []
  public var mappedBytes = 0
  public var seconds = 0.0
  public var stages: [StageSummary] = []

  public init() {}
}

/// One stage of a run.
public struct StageSummary: Sendable {
  public var name: String
  public var tasks: Int
  public var reused: Int
  /// Of its tasks, those that were run once more, because where their records begin had been guessed wrongly.
  public var reread: Int
  public var rowsIn: Int
  public var rowsOut: Int
  public var bytesOut: Int
  public var movedBytes: Int
  public var seconds: Double
  public var placement: String
  /// What the stage did on each node, in the order of their numbers.
  public var shares: [StageShare]
}

/// What one stage did on one node.
public struct StageShare: Sendable, Hashable {
  public var node: String
  public var tasks: Int
  /// Blocks its tasks left in the node's store.
  public var blocksMade: Int
  public var bytesMade: Int
  /// Blocks that lay there already and were used again.
  public var blocksReused: Int
  public var bytesReused: Int
}

/// Rows of a `take` and where they came from.
public struct TakeResult: Sendable {
  public enum More: Sendable { case yes, no, maybe }

  public struct Part: Sendable {
    public var block: Int
    public var node: String
    public var rows: Int
    public var movedBytes: Int
    public var blockBytes: Int
  }

  public var rows: Batch
  public var parts: [Part]
  public var total: Int?
  public var more: More
  public var run: RunSummary
}

/// The blocks of a kept dataset.
public struct KeptSummary: Sendable {
  public struct Block: Sendable {
    public var id: String
    public var node: String
    public var rows: Int
    public var bytes: Int
    public var origin: String
    public var isLost: Bool
  }

  public var blocks: [Block]
  public var isPinned: Bool

  public var rows: Int { blocks.reduce(0) { $0 + $1.rows } }
  public var bytes: Int { blocks.reduce(0) { $0 + $1.bytes } }
}

public struct NodeSummary: Sendable {
  public var name: String
  public var state: String
  public var processID: Int32
  public var slots: Int
  public var usedBytes: Int
  public var limitBytes: Int
  public var blocks: Int
  public var pinnedBytes: Int
  public var spilledBytes: Int
  public var sentBytes: Int
  public var receivedBytes: Int
}

public struct BlockSummary: Sendable {
  public var id: String
  public var node: String
  public var rows: Int
  public var bytes: Int
  public var state: String
  public var origin: String
  /// What made it: the verbs of its task.
  public var madeBy: String
}
