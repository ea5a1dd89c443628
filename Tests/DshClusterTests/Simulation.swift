// A cluster without processes: the scheduler against virtual nodes that are slow, crash, fail and reorder, all from one seed.
@testable import DshCluster
import DshColumns
import DshStore

/// What a simulated run is made of.
struct Scenario {
  var nodeCount = 2
  var slots = 1
  var taskCount = 10
  var preferred: [NodeIndex?] = []
  var window: Int?
  var isDeterministic = false
  /// Tasks that fail, and tasks that end their node.
  var failing: Set<Int> = []
  var killing: Set<Int> = []
  /// Crashes that no task is to blame for.
  var crashes = 0
  /// How often a node stops answering for a while.
  var silences = 0
  /// Results that the receiver can't use the first time.
  var unusable: Set<Int> = []
  /// Nodes that are not replaced when they crash.
  var isReplaced = true
  /// The receiver has enough after this index.
  var enoughAfter: Int?
  var cancelAt: Int?
  /// What nodes say of the time of each task: where tasks are short, nodes are sent several.
  var taskNanoseconds: Int64 = 1_000
  /// Nodes on which every task takes many times as long.
  var slowNodes: Set<NodeIndex> = []
  /// Whether slow tasks may run on a second node too.
  var mayBeCopied = true
  var timingSeed: UInt64 = 0
}

/// What happened.
struct SimulationResult {
  var outcome: Scheduler.Outcome?
  var delivered: [Int] = []
  /// The node of each task's first start.
  var firstNode: [Int: NodeIndex] = [:]
  var complaints: [String] = []
  /// How often a task was sent to a node whose slots were taken.
  var sentAhead = 0
  var crashes = 0
  /// How many tasks were given to a second node as they were slow.
  var copies = 0
  var endTime = 0
}

/// Plays a scenario.
struct Simulation {
  private enum Event {
    case nodeReady(NodeIndex, epoch: Int)
    case arrives(task: UInt64, NodeIndex, epoch: Int)
    case ends(task: UInt64, NodeIndex, epoch: Int)
    case cancelArrives(task: UInt64, NodeIndex, epoch: Int)
    case answer(task: UInt64, NodeIndex, epoch: Int, isDone: Bool)
    case crash
    case silent
    case answers(NodeIndex, epoch: Int)
    case cancel
    /// Nothing but time has gone by.
    case look
  }

  private let scenario: Scenario
  private var random: SeededRandom
  private var scheduler: Scheduler
  private var time = 0
  private var events: [(time: Int, order: Int, event: Event)] = []
  private var order = 0
  private var epochs: [NodeIndex: Int] = [:]
  /// Tasks that were sent and have not ended, and those of them that have come and wait for a slot, in order.
  private var running: [NodeIndex: Set<UInt64>] = [:]
  private var waiting: [NodeIndex: [UInt64]] = [:]
  private var begun: [NodeIndex: Set<UInt64>] = [:]
  /// When the last task that was sent comes to a node: none overtakes another.
  private var lastArrival: [NodeIndex: Int] = [:]
  private var firstTask: UInt64 = 0
  /// Results that nobody has used or discarded: task → node, if blocks of it are there.
  private var results: [UInt64: (node: NodeIndex, hasBlocks: Bool)] = [:]
  private var result = SimulationResult()
  private var unusable: Set<Int>
  private var copied: Set<Int> = []
  init(_ scenario: Scenario) {
    self.scenario = scenario
    unusable = scenario.unusable
    random = SeededRandom(seed: scenario.timingSeed)
    scheduler = Scheduler(isDeterministic: scenario.isDeterministic)
  }

  static func play(_ scenario: Scenario) -> SimulationResult {
    var simulation = Simulation(scenario)
    return simulation.play()
  }

  private mutating func schedule(_ event: Event, within range: ClosedRange<Int> = 1...20) {
    events.append((time + Int.random(in: range, using: &random), order, event))
    order += 1
  }

  private mutating func play() -> SimulationResult {
    for node in 1...scenario.nodeCount { startNode(node) }
    for _ in 0..<scenario.crashes { schedule(.crash, within: 1...200) }
    for _ in 0..<scenario.silences { schedule(.silent, within: 1...200) }
    if let cancelAt = scenario.cancelAt { schedule(.cancel, within: cancelAt...cancelAt) }
    let preferred = scenario.preferred.isEmpty ? [NodeIndex?](repeating: nil, count: scenario.taskCount) : scenario.preferred
    let (first, actions) = scheduler.begin(
      Scheduler.Job(count: preferred.count, preferred: { preferred[$0] }, window: scenario.window, mayBeCopied: scenario.mayBeCopied))
    firstTask = first
    perform(actions)
    dispatch()
    var steps = 0
    while let index = events.indices.min(by: { (events[$0].time, events[$0].order) < (events[$1].time, events[$1].order) }) {
      let next = events.remove(at: index)
      time = next.time
      handle(next.event)
      dispatch()
      steps += 1
      if steps > 100_000 { complain("no end after \(steps) steps"); break }
    }
    if result.outcome == nil { complain("hangs: no event is left and the job has no outcome") }
    if !results.isEmpty { complain("results neither used nor discarded: \(results.keys.sorted())") }
    if scheduler.runningTasks != 0 { complain("slots still taken: \(scheduler.runningTasks)") }
    return result
  }

  /// Starts what is due, and looks again when a task will be slow.
  private mutating func dispatch() {
    perform(scheduler.dispatch(now: Int64(time) * Self.tickNanoseconds))
    if let moment = scheduler.nextCopyMoment, result.outcome == nil {
      let wait = max(1, Int(moment / Self.tickNanoseconds) + 1 - time)
      schedule(.look, within: wait...wait)
    }
  }

  /// How long the unit of time is: tasks take up to half of what makes them slow, unless their node is.
  private static let tickNanoseconds = TaskTimes.shortestSlowNanoseconds / 100

  private mutating func complain(_ text: String) { result.complaints.append(text) }

  private mutating func startNode(_ node: NodeIndex) {
    epochs[node, default: -1] += 1
    (running[node], waiting[node], begun[node]) = ([], [], [])
    scheduler.nodeStarting(node, slots: scenario.slots)
    schedule(.nodeReady(node, epoch: epochs[node] ?? 0))
  }

  private func isAlive(_ node: NodeIndex, _ epoch: Int) -> Bool { running[node] != nil && epochs[node] == epoch }

  private mutating func handle(_ event: Event) {
    switch event {
    case .nodeReady(let node, let epoch): if isAlive(node, epoch) { scheduler.nodeUp(node) }
    case .arrives(let task, let node, let epoch):
      // One that was cancelled on its way is not begun.
      guard isAlive(node, epoch), running[node]?.contains(task) == true else { return }
      waiting[node]?.append(task)
      beginNext(on: node, epoch)
    case .ends(let task, let node, let epoch):
      guard isAlive(node, epoch), running[node]?.contains(task) == true else { return }
      let index = Int(task) - Int(firstTask)
      if scenario.killing.contains(index) { return crash(node) }
      running[node]?.remove(task)
      schedule(.answer(task: task, node, epoch: epoch, isDone: !scenario.failing.contains(index)))
      end(task, on: node, epoch)
    case .cancelArrives(let task, let node, let epoch):
      guard isAlive(node, epoch), running[node]?.remove(task) != nil else { return }
      schedule(.answer(task: task, node, epoch: epoch, isDone: false))
      end(task, on: node, epoch)
    case .answer(let task, let node, let epoch, let isDone):
      guard isAlive(node, epoch) else { return }
      let hasBlocks = Bool.random(using: &random)
      if isDone, scheduler.expects(task, from: node) { results[task] = (node, hasBlocks) }
      perform(isDone ? scheduler.taskDone(task, on: node, nanoseconds: scenario.taskNanoseconds) : scheduler.taskFailed(task, on: node))
    case .crash: if let node = running.keys.sorted().randomElement(using: &random) { crash(node) }
    case .silent:
      guard let node = running.keys.sorted().randomElement(using: &random) else { return }
      scheduler.nodeSilent(node)
      schedule(.answers(node, epoch: epochs[node] ?? 0), within: 1...100)
    case .answers(let node, let epoch): if isAlive(node, epoch) { scheduler.nodeAnswers(node) }
    case .look: break
    case .cancel:
      perform(scheduler.stop(.cancelled))
    }
  }

  /// A node with a free slot takes the first of the tasks that have come.
  private mutating func beginNext(on node: NodeIndex, _ epoch: Int) {
    while let task = waiting[node]?.first, (begun[node]?.count ?? 0) < scenario.slots {
      waiting[node]?.removeFirst()
      begun[node]?.insert(task)
      schedule(.ends(task: task, node, epoch: epoch), within: scenario.slowNodes.contains(node) ? 400...900 : 1...50)
    }
  }

  private mutating func end(_ task: UInt64, on node: NodeIndex, _ epoch: Int) {
    begun[node]?.remove(task)
    waiting[node]?.removeAll { $0 == task }
    beginNext(on: node, epoch)
  }

  private mutating func crash(_ node: NodeIndex) {
    // What a node said before it went is taken in first.
    let said = events.filter { if case .answer(_, node, _, _) = $0.event { true } else { false } }
    events.removeAll { if case .answer(_, node, _, _) = $0.event { true } else { false } }
    for answer in said.sorted(by: { ($0.time, $0.order) < ($1.time, $1.order) }) { handle(answer.event) }
    running[node] = nil
    result.crashes += 1
    perform(scheduler.nodeLost(node))
    for (task, made) in results.sorted(by: { $0.key < $1.key }) where made.node == node && made.hasBlocks {
      if scheduler.resultLost(task) { results[task] = nil }
    }
    if scenario.isReplaced { startNode(node) }
  }

  private mutating func perform(_ actions: [Scheduler.Action]) {
    for action in actions {
      switch action {
      case .run(let task, let node):
        guard let epoch = epochs[node], running[node] != nil else { complain("task \(task) on dead node \(node)"); continue }
        let index = Int(task - firstTask)
        if running[node]?.insert(task).inserted == false { complain("task \(task) twice at once on \(node)") }
        if copied.contains(index) != scheduler.wasCopied(index) {
          copied.insert(index)
          result.copies += 1
          if !scenario.mayBeCopied || scenario.isDeterministic { complain("task \(task) is copied") }
        }
        let ahead = scenario.taskNanoseconds > Scheduler.shortNanoseconds || scenario.isDeterministic ? 0 : Scheduler.aheadPerSlot
        if scheduler.runningTasks(on: node) > scenario.slots * (1 + ahead) { complain("more tasks than slots on \(node)") }
        if scheduler.runningTasks(on: node) > scenario.slots { result.sentAhead += 1 }
        if let window = scenario.window, index >= result.delivered.count + window {
          complain("task \(index) beyond the window")
        }
        if result.outcome != nil { complain("task \(index) starts after the end") }
        if result.firstNode[index] == nil { result.firstNode[index] = node }
        let arrival = max(lastArrival[node] ?? 0, time + Int.random(in: 1...20, using: &random))
        lastArrival[node] = arrival
        schedule(.arrives(task: task, node, epoch: epoch), within: arrival - time...arrival - time)
      case .cancel(let task, let node):
        if let epoch = epochs[node] { schedule(.cancelArrives(task: task, node, epoch: epoch)) }
      case .deliver(let index):
        let task = firstTask + UInt64(index)
        // Those behind a result that is made again come once more.
        if result.outcome != .stopped, index > result.delivered.count, !scenario.unusable.isEmpty { continue }
        if results.removeValue(forKey: task) == nil { complain("delivered without a result: \(index)") }
        if result.outcome == .stopped { continue }
        if index != result.delivered.count { complain("delivered out of order: \(index)") }
        if unusable.remove(index) != nil {
          scheduler.again(index)
          continue
        }
        result.delivered.append(index)
        if index == scenario.enoughAfter {
          result.outcome = .stopped
          perform(scheduler.stop(.stopped))
        }
      case .discard(let task): if results.removeValue(forKey: task) == nil { complain("discarded without a result: \(task)") }
      case .finish(let outcome):
        if result.outcome == nil { (result.outcome, result.endTime) = (outcome, time) }
      }
    }
  }
}
