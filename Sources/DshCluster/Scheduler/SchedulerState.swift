// What a scheduler decides about: jobs and their tasks, the nodes that run them, and what is to be done.
import DshColumns
import DshStore

extension Scheduler {
  /// What the driver has to do.
  public enum Action: Sendable, Equatable {
    case run(task: UInt64, on: NodeIndex)
    case cancel(task: UInt64, on: NodeIndex)
    /// Hand the result of a task to the caller; results come in order.
    case deliver(index: Int)
    /// Nobody wants the result of this task: free what it made.
    case discard(task: UInt64)
    case finish(Outcome)
  }

  /// How a job ended.
  public enum Outcome: Sendable, Equatable {
    case completed
    /// The caller had enough.
    case stopped
    case cancelled
    /// The task of this index failed, and all before it are done.
    case failed(index: Int)
    /// This task was running each time its node died.
    case killedNodes(index: Int)
    /// No node is left and none will come.
    case noNodes
  }

  /// What there is to do.
  public struct Job {
    /// How many tasks there are.
    public var count: Int
    /// The node of a task's data, if that matters; asked when the task comes within the window.
    public var preferred: (Int) -> NodeIndex?
    /// At most so many tasks run beyond the first one without a result; nil means all at once.
    public var window: Int?
    /// Whether a task may run on two nodes at once.
    public var mayBeCopied: Bool

    public init(
      count: Int, preferred: @escaping (Int) -> NodeIndex? = { _ in nil }, window: Int? = nil, mayBeCopied: Bool = true
    ) {
      self.count = count
      self.preferred = preferred
      self.window = window
      self.mayBeCopied = mayBeCopied
    }
  }

  enum NodeState: Sendable, Equatable {
    case starting
    case up
    /// Has not answered for a while: gets no tasks, and those it runs are run elsewhere too.
    case silent
    /// Takes no more tasks.
    case draining
  }

  struct Node: Sendable {
    var state: NodeState
    var slots: Int
    /// Tasks that have not answered, abandoned ones included, in the order in which the node takes them.
    var running: [UInt64] = []
    var runsSuspect = false
    /// At most so many tasks run here till the end of the job, as its store has no room for more; nil for as many as there are slots.
    var crowdLimit: Int?

    /// Those that may have begun. A node answers before it begins the next.
    var begun: ArraySlice<UInt64> { running.prefix(slots) }

    /// Whether it takes tasks, now or as soon as it is up.
    var takesTasks: Bool { state == .up || state == .starting }
  }

  enum TaskState: Sendable, Equatable {
    case waiting
    case running(on: NodeIndex)
    case done
    case delivered
    case dropped
  }

  struct Running {
    let firstTask: UInt64
    let job: Job
    var states: [TaskState]
    /// How often each task was running on a node that died; empty entries are zero.
    var kills: [Int: Int] = [:]
    /// How often each task had no room beside others; empty entries are zero.
    var crowdings: [Int: Int] = [:]
    var queues: TaskQueues
    /// The second nodes that run tasks which were slow on the first, by index.
    var copies: [Int: NodeIndex] = [:]
    /// The tasks that were given to a second node.
    var copied: Set<Int> = []
    var times = TaskTimes()
    /// All tasks before it are done.
    var frontier = 0
    /// All tasks before it are delivered.
    var deliveredEnd = 0
    /// Where the current wave starts (deterministic mode).
    var waveStart = 0
    var failure: (index: Int, outcome: Outcome)?
    var unfinished: Int

    /// How many tasks each of so many slots may be given. Towards the end each gets one: whoever is free takes the next.
    func tasksPerSlot(slots: Int) -> Int {
      guard let longest = times.longestNanoseconds, longest <= Scheduler.shortNanoseconds else { return 1 }
      return unfinished > slots * (2 + Scheduler.aheadPerSlot) ? 1 + Scheduler.aheadPerSlot : 1
    }

    func task(_ index: Int) -> UInt64 { firstTask + UInt64(index) }

    // MARK: Runs

    /// The nodes whose answers to the task of an index may count: one, or two if it was slow.
    func runs(of index: Int) -> [NodeIndex] {
      guard case .running(let node) = states[index] else { return [] }
      return [node] + (copies[index].map { [$0] } ?? [])
    }

    func isRunning(_ index: Int, on node: NodeIndex) -> Bool { runs(of: index).contains(node) }

    /// A node does not run a task any more, or does not count.
    ///
    /// - Returns: whether another one goes on with it.
    mutating func drop(_ index: Int, on node: NodeIndex) -> Bool {
      guard let other = runs(of: index).first(where: { $0 != node }) else { return false }
      states[index] = .running(on: other)
      copies[index] = nil
      return true
    }
  }
}
