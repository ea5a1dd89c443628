// What a cluster is asked to run, and what it gives back.
import DshColumns
import DshDiagnostics
import DshStore

/// Tasks of one stage, in order; each is made when it is to start, so that many cost nothing before.
public struct TaskSet {
  public struct Task: Sendable {
    /// What the task body gets.
    public var payload: [UInt8]
    /// The rows of blocks that it takes in, wherever they lie.
    public var rows: [BlockSlice]
    /// The rows of blocks that it looks others up in, and that other tasks of the set may look up in too.
    public var tables: [BlockSlice]

    public init(payload: [UInt8], rows: [BlockSlice] = [], tables: [BlockSlice] = []) {
      self.payload = payload
      self.rows = rows
      self.tables = tables
    }

    /// The blocks that it reads.
    public var inputs: [BlockRef] { (rows + tables).map(\.block) }
  }

  public var count: Int
  /// The node of a task's data, if that matters.
  public var preferredNode: (Int) -> NodeIndex?
  /// Makes the task of an index; asked anew when a task is run once more.
  public var task: (Int) -> Task
  /// At most so many tasks run beyond the first one without a result; nil means all at once.
  public var window: Int?
  /// Whether the blocks that are made may be on disk alone.
  public var blocksMayBeSpilled = true
  /// Whether a slow task may run on a second node at the same time.
  public var mayBeCopied = true

  public init(count: Int, window: Int? = nil, preferredNode: @escaping (Int) -> NodeIndex? = { _ in nil }, task: @escaping (Int) -> Task) {
    self.count = count
    self.window = window
    self.preferredNode = preferredNode
    self.task = task
  }
}

/// What one task gave back. Its blocks are protected until they are settled.
public struct TaskResult: Sendable {
  /// The place of the task in its set.
  public let index: Int
  public let node: NodeIndex
  public let payload: [UInt8]
  public let blocks: [BlockRef]
  /// What the task copied into the store of `node`, by source.
  public let moved: [MovedBytes]
  /// What the task read in place in other stores, by source.
  public let mapped: [MovedBytes]
  public let seconds: Double
  /// Whether it was slow, and a second node was given it too.
  public var ranTwice = false
}

/// What the receiver of results says to each.
public enum Continuation: Sendable {
  case more
  /// Cancel all other tasks.
  case enough
  /// The result is of no use: free its blocks, make the task anew, run it, and deliver results from it on once more.
  case again
}
