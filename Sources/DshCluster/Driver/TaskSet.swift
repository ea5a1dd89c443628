// What the driver is asked to run, and what it gives back.
import DshDiagnostics
import DshStore

/// Tasks of one stage, in order.
public struct TaskSet: Sendable {
  public struct Task: Sendable {
    /// What the task body gets.
    public var payload: [UInt8]
    /// The node of the task's data, if that matters.
    public var preferredNode: NodeIndex?
    /// Whether it reads blocks, so that it may move bytes between stores.
    public var readsBlocks: Bool

    public init(payload: [UInt8], preferredNode: NodeIndex? = nil, readsBlocks: Bool = true) {
      self.payload = payload
      self.preferredNode = preferredNode
      self.readsBlocks = readsBlocks
    }
  }

  public var tasks: [Task]
  /// At most so many tasks run beyond the first one without a result; nil means all at once.
  public var window: Int?

  public init(_ tasks: [Task], window: Int? = nil) {
    self.tasks = tasks
    self.window = window
  }
}

/// What one task gave back. Its blocks are protected until they are settled.
public struct TaskResult: Sendable {
  /// The place of the task in its set.
  public let index: Int
  public let node: NodeIndex
  public let payload: [UInt8]
  public let blocks: [BlockLocation]
  /// What the task copied into the store of `node`, by source.
  public let moved: [Movement]
  /// What the task read in place in other stores, by source.
  public let mapped: [Movement]
  public let seconds: Double
}

/// All results of a job.
public struct JobResult: Sendable {
  /// In order of the tasks. Empty if the results were delivered one by one.
  public let results: [TaskResult]
  /// Tasks that were started, cancelled ones included, repeated ones once.
  public let startedTasks: Int
  /// Whether the caller had enough before the end.
  public let stoppedEarly: Bool
}

/// What the receiver of results says to each.
public enum Continuation: Sendable {
  case more
  /// Cancel all other tasks.
  case enough
  /// The result is of no use: run the task again with another payload, and deliver results from it on anew.
  case again(payload: [UInt8])
}

/// How far a job is.
public struct JobProgress: Sendable, Equatable {
  public let totalTasks: Int
  public let finishedTasks: Int
  public let runningTasks: Int
  public let seconds: Double
  /// Rows that tasks have read at their sources since the job began, and the bytes of files among that.
  public let scannedRows: Int
  public let scannedBytes: Int
  /// Every node, in the order of their numbers.
  public let nodes: [NodeProgress]
  /// The nodes that have not answered since the job was cancelled; none while it runs.
  public var silentNodes: [String] = []
}

extension JobProgress {
  /// The same with nodes that don't answer.
  func silent(_ names: [String]) -> JobProgress {
    var copy = self
    copy.silentNodes = names
    return copy
  }
}

/// What one node has to do with a job just now.
public struct NodeProgress: Sendable, Equatable {
  public let name: String
  public let slots: Int
  public let runningTasks: Int
}

/// Something that happened to the cluster by itself and should be told once.
public enum ClusterEvent: Sendable, Equatable {
  /// A node ended without being asked to; with what it said about that.
  case nodeLost(name: String, processID: Int32, words: String?, replaced: Bool, blocksLost: [BlockID])
  /// A node can't be started; no more is tried.
  case nodeNotStarted(name: String, reason: Diagnostic)
  /// A node has not answered for a while; its work is done elsewhere.
  case nodeSilent(name: String)
  /// A silent node answers again.
  case nodeAnswers(name: String)
  /// Blocks that stores dropped to make room.
  case blocksEvicted([BlockID])
}
