// A driver's state with virtual nodes, for tests of what it decides: no process, and a clock that the test turns.
@testable import DshCluster
import DshColumns
import DshDiagnostics
import DshStore

/// Tells the state of a driver what happens, and keeps what it wants done.
struct VirtualDriver {
  var state: DriverState
  var now: Int64 = 0
  /// What was asked for since it was last taken.
  private(set) var actions: [DriverAction] = []

  /// A driver whose nodes are up.
  init(nodes: NodeIndex..., isDeterministic: Bool = false, spillingStoreBytes: Int? = nil) {
    state = DriverState(isDeterministic: isDeterministic, spillingStoreBytes: spillingStoreBytes)
    for node in nodes {
      start(node)
      say(.ready(processID: Int32(node)), node)
    }
    actions = []
  }

  mutating func takeActions() -> [DriverAction] {
    defer { actions = [] }
    return actions
  }

  /// Tells the state something; what it wants done.
  @discardableResult
  mutating func tell<T>(_ event: (inout DriverState) -> T) -> T {
    defer { actions += state.takeActions() }
    return event(&state)
  }

  // MARK: Nodes

  /// Starts a process of a node, as for `nodes add`.
  mutating func start(_ node: NodeIndex, slots: Int = 2) {
    let epoch = state.membership.takeEpoch(of: node)
    tell { [now] in $0.nodeStarted(node, epoch: epoch, slots: slots, now: now) }
  }

  /// A node says something, its present process unless an epoch is given.
  mutating func say(_ message: NodeMessage, _ node: NodeIndex, epoch: Int? = nil) {
    let epoch = epoch ?? state.membership[node]?.epoch ?? 0
    tell { [now] in $0.received(message, from: node, epoch: epoch, now: now) }
  }

  /// A process ends; another starts in its place if the state wants one.
  mutating func end(_ node: NodeIndex, restarts: Bool = true) {
    let epoch = state.membership[node]?.epoch ?? 0
    let end = NodeEnd(processID: Int32(100 * node + epoch), reason: Diagnostic(.nodeEnded, "ended by signal 9"))
    tell { [now] in $0.nodeEnded(node, epoch: epoch, end, now: now) }
    for case .start(let started, let epoch) in actions where started == node {
      tell { [now] state in
        if restarts {
          state.nodeStarted(node, epoch: epoch, slots: 2, now: now)
        } else {
          state.nodeNotStarted(node, Diagnostic(.nodeEnded, "no process"))
        }
      }
    }
  }

  /// Turns the clock, and lets nodes that are asked answer, but for some.
  mutating func pass(milliseconds: Int64, silent: Set<NodeIndex> = []) {
    let end = now + milliseconds * 1_000_000
    while now < end {
      now = min(end, now + 100_000_000)
      tell { [now] in $0.tick(now: now) }
      for case .send(.acquire(let request, []), let node) in actions where !silent.contains(node) {
        say(.acquired(request: request, missing: []), node)
      }
      actions.removeAll { if case .send(.acquire(_, []), _) = $0 { true } else { false } }
    }
  }

  mutating func drain(_ node: NodeIndex) throws(Diagnostic) {
    defer { actions += state.takeActions() }
    try state.drain(node)
  }

  // MARK: Tasks

  /// Begins a job and sends its tasks as far as nodes take them.
  mutating func begin(tasks: Int, on node: NodeIndex? = nil, inputs: [BlockRef] = []) {
    tell { [now] in $0.beginJob(Scheduler.Job(count: tasks, preferred: { _ in node }), now: now) }
    sendTasks(inputs: inputs)
  }

  /// Takes the steps up to the next one that is not the making of a task.
  @discardableResult
  mutating func sendTasks(inputs: [BlockRef] = []) -> JobStep {
    while true {
      let step = tell { [now] in $0.nextStep(now: now) }
      guard case .make(_, let task, let node) = step else { return step }
      tell { [now] in $0.taskMade(task, TaskSet.Task(payload: [], rows: inputs.map { BlockSlice($0) }), on: node, now: now) }
    }
  }

  mutating func endJob() throws(Diagnostic) { try state.endJob() }

  /// The tasks that were sent since actions were last taken, with their nodes.
  var sentTasks: [(task: UInt64, node: NodeIndex)] {
    actions.compactMap { if case .send(.runTask(let task, _, _), let node) = $0 { (task, node) } else { nil } }
  }

  /// The answer of a task that made blocks.
  func answer(_ task: UInt64, on node: NodeIndex, blocks: Int = 0, epoch: Int? = nil, blockBytes: Int = 64) -> TaskAnswer {
    let epoch = epoch ?? state.membership[node]?.epoch ?? 0
    return TaskAnswer(
      task: task, node: node, payload: [],
      blocks: (0..<blocks).map { ordinal in
        let id = BlockID(task: task, ordinal: ordinal)
        return BlockLocation(BlockRef(id: id, node: node, epoch: epoch, byteCount: blockBytes, rows: 8), .memory(offset: 4096))
      }, moved: [], mapped: [], evicted: [], nanoseconds: 0)
  }

  /// Has a node make cached blocks.
  mutating func makeBlocks(_ count: Int, on node: NodeIndex) -> [BlockRef] {
    begin(tasks: 1, on: node)
    guard let task = sentTasks.last?.task else { return [] }
    say(.taskDone(answer(task, on: node, blocks: count)), node)
    guard case .deliver(let result) = sendTasks() else { return [] }
    tell { [now] in $0.resultReceived(.enough, now: now) }
    sendTasks()
    try? endJob()
    tell { $0.settle(result.blocks, as: .cached) }
    actions = []
    return result.blocks
  }

  /// Begins a job of one task that hangs, and stops it: a cancelled task that may still read.
  mutating func abandonTask(on node: NodeIndex, reading blocks: [BlockRef] = []) -> UInt64 {
    begin(tasks: 1, on: node, inputs: blocks)
    let task = sentTasks.last?.task ?? 0
    tell { [now] in $0.cancelJob(now: now) }
    sendTasks()
    try? endJob()
    actions = []
    return task
  }

  // MARK: Acquisitions

  /// Asks for blocks; the requests that were sent, by node.
  mutating func acquire(
    _ blocks: [BlockRef], milliseconds: Int64 = 10_000
  ) -> (id: Acquisitions.ID, requests: [NodeIndex: UInt64]) {
    let deadline = Deadline(nanoseconds: milliseconds * 1_000_000)
    let id = tell { [now] in $0.acquire(blocks, deadline: deadline, now: now) }
    var requests: [NodeIndex: UInt64] = [:]
    for case .send(.acquire(let request, _), let node) in takeActions() { requests[node] = request }
    return (id, requests)
  }
}
