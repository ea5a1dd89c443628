// A cluster in this process: real stores and real tasks, but one thread, a virtual clock, and nodes that die when a seed or a test says so.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshStore

/// Runs tasks one after another in the order in which virtual nodes would answer. Two runs with the same seed and the same deaths do the same.
final class SimulatedCluster: TaskCluster {
  /// A virtual node: its store is real, its time is not.
  private struct Node {
    var epoch: Int
    var store: ObjectStore
    var peers: PeerArenas
  }

  /// What happens at a moment of the virtual clock.
  private struct Answer {
    var moment: Int
    var task: UInt64
    var node: NodeIndex
    var epoch: Int
    var outcome: Result<TaskAnswer, Diagnostic>
  }

  /// A node that ends just before a step happens; it is replaced at once.
  struct Death: Hashable {
    var step: Int
    var node: NodeIndex
  }

  private let body: any TaskBody
  private let nodeCount: Int
  private let storeBytes: Int
  private var random: SeededRandom
  private let deathPlan: [Int: [NodeIndex]]
  private let head: ObjectStore
  private let headPeers: PeerArenas
  private var directory = BlockDirectory()
  private let addresses = AddressBook()
  private var nodes: [NodeIndex: Node] = [:]
  private var scheduler = Scheduler(isDeterministic: true)
  private var history = TransferHistory()
  private var answers: [Answer] = []
  private var now = 0
  private(set) var deaths: [String] = []
  /// How many steps were made: starts and answers of tasks, deliveries, requests of the head.
  private(set) var steps = 0

  /// - Parameters:
  ///   - seed: decides how long tasks take.
  ///   - deaths: which nodes end before which steps.
  init(nodes count: Int, seed: UInt64, storeBytes: Int = 16 << 20, deaths: Set<Death> = [], body: any TaskBody = PipelineBody())
    throws(Diagnostic)
  {
    self.body = body
    nodeCount = count
    self.storeBytes = storeBytes
    random = SeededRandom(seed: seed)
    deathPlan = Dictionary(grouping: deaths, by: \.step).mapValues { $0.map(\.node).sorted() }
    head = try ObjectStore(node: 0, epoch: 0, limitBytes: storeBytes)
    headPeers = PeerArenas(own: head)
    for index in 1...count { try start(index, epoch: 0) }
  }

  var slots: Int { nodes.count }
  var taskMemoryBytes: Int { storeBytes }
  var takers: [NodeIndex] { nodes.keys.sorted() }

  private func start(_ index: NodeIndex, epoch: Int) throws(Diagnostic) {
    let store = try ObjectStore(node: index, epoch: epoch, limitBytes: storeBytes)
    let peers = PeerArenas(own: store)
    try headPeers.announce(index, epoch: epoch, descriptor: try store.arena.readOnlyDescriptor())
    for (other, node) in nodes where other != index {
      try node.peers.announce(index, epoch: epoch, descriptor: try store.arena.readOnlyDescriptor())
      try peers.announce(other, epoch: node.epoch, descriptor: try node.store.arena.readOnlyDescriptor())
    }
    nodes[index] = Node(epoch: epoch, store: store, peers: peers)
    scheduler.nodeStarting(index, slots: 1)
    scheduler.nodeUp(index)
  }

  /// Ends a node as a crash would, and starts another in its place.
  private func kill(_ index: NodeIndex) throws(Diagnostic) -> [Scheduler.Action] {
    guard let node = nodes.removeValue(forKey: index) else { return [] }
    history.keep(node.store.arena.header)
    headPeers.forget(index)
    for other in nodes.values { other.peers.forget(index) }
    addresses.remove(directory.removeAll(of: index))
    deaths.append("\(nodeName(index)) (epoch \(node.epoch))")
    var actions = scheduler.nodeLost(index, wasEnded: true)
    // What it had answered and nobody has taken goes with its blocks.
    for (task, answer) in reports.sorted(by: { $0.key < $1.key }) where answer.node == index && !answer.blocks.isEmpty {
      if scheduler.resultLost(task) { reports[task] = nil }
    }
    answers.removeAll { $0.node == index && $0.epoch == node.epoch }
    try start(index, epoch: node.epoch + 1)
    actions += scheduler.dispatch(now: Int64(now))
    return actions
  }

  /// Counts a step, and lets nodes die before it; what the scheduler decides on that.
  private func step() throws(Diagnostic) -> [Scheduler.Action] {
    defer { steps += 1 }
    var actions: [Scheduler.Action] = []
    for node in deathPlan[steps] ?? [] { actions += try kill(node) }
    return actions
  }

  // MARK: Jobs

  private var reports: [UInt64: TaskAnswer] = [:]
  private var failures: [UInt64: Diagnostic] = [:]

  func run(
    _ set: TaskSet, receive: (TaskResult) throws(Diagnostic) -> Continuation, progress: ((RunProgress) -> Void)?
  ) throws(Diagnostic) {
    (reports, failures, answers) = ([:], [:], [])
    let (firstTask, begun) = scheduler.begin(
      Scheduler.Job(count: set.count, preferred: set.preferredNode, window: set.window))
    var pending = begun
    var outcome: Scheduler.Outcome?
    var received = 0
    while outcome == nil || !pending.isEmpty {
      if pending.isEmpty { pending = scheduler.dispatch(now: Int64(now)) }
      if pending.isEmpty {
        pending = try step()
        if pending.isEmpty { pending = takeAnswer() }
        continue
      }
      let action = pending.removeFirst()
      switch action {
      case .run(let task, let node):
        let diedBefore = deaths.count
        let placed = try step()
        // What a node that has just died was to run was placed anew.
        let dead = Set(deathPlan[steps - 1] ?? [])
        if deaths.count > diedBefore {
          pending.removeAll { if case .run(_, let other) = $0 { dead.contains(other) } else { false } }
        }
        pending += placed
        if deaths.count == diedBefore || !dead.contains(node) { pending += start(set.task(Int(task - firstTask)), task, on: node) }
      case .deliver(let index):
        let task = firstTask + UInt64(index)
        guard outcome == nil, index == received, let answer = reports.removeValue(forKey: task) else { continue }
        switch try receive(result(index, answer)) {
        case .more: received += 1
        case .enough:
          received += 1
          outcome = .stopped
          pending += scheduler.stop(.stopped)
        case .again:
          settle(answer.blocks.map(\.block), as: .freed)
          scheduler.again(index)
        }
      case .finish(let ending): outcome = outcome ?? ending
      case .discard(let task):
        if let answer = reports.removeValue(forKey: task) { settle(answer.blocks.map(\.block), as: .freed) }
      case .cancel(let task, let node):
        answers.removeAll { $0.task == task && $0.node == node }
        _ = scheduler.taskFailed(task, on: node)
      }
    }
    switch outcome {
    case .failed(let index): throw failures[firstTask + UInt64(index)] ?? Diagnostic(.taskError, "a task failed without a reason")
    case .completed, .stopped, .cancelled, .killedNodes, .noNodes, nil: return
    }
  }

  private func result(_ index: Int, _ answer: TaskAnswer) -> TaskResult {
    TaskResult(
      index: index, node: answer.node, payload: answer.payload, blocks: answer.blocks.map(\.block), moved: answer.moved,
      mapped: answer.mapped, seconds: 0)
  }

  /// Runs a task at once; what it answers is heard later.
  private func start(_ task: TaskSet.Task, _ number: UInt64, on index: NodeIndex) -> [Scheduler.Action] {
    guard let node = nodes[index] else { return [] }
    var locations: [BlockLocation] = []
    for block in task.inputs {
      guard let location = directory.location(of: block) else {
        failures[number] = PeerArenas.lost(block)
        return scheduler.taskFailed(number, on: index)
      }
      locations.append(location)
    }
    let context = TaskContext(
      node: index, task: number, seed: 0, isDeterministic: true, store: node.store, peers: node.peers, addresses: ListedBlocks(locations),
      cancelFlag: CancelFlag())
    let outcome: Result<TaskAnswer, Diagnostic>
    do {
      let payload = try body.run(payload: task.payload, context: context)
      outcome = .success(
        TaskAnswer(
          task: number, node: index, payload: payload, blocks: context.madeBlocks, moved: context.tally.moved, mapped: context.tally.mapped,
          evicted: node.store.takeEvicted(), nanoseconds: 0))
    } catch {
      context.discardBlocks()
      outcome = .failure(error as? Diagnostic ?? Diagnostic(.taskError, "\(error)"))
    }
    answers.append(
      Answer(moment: now + Int.random(in: 1...1000, using: &random), task: number, node: index, epoch: node.epoch, outcome: outcome))
    return []
  }

  /// Turns the clock to the next answer and takes it in.
  private func takeAnswer() -> [Scheduler.Action] {
    guard let position = answers.indices.min(by: { (answers[$0].moment, answers[$0].task) < (answers[$1].moment, answers[$1].task) }) else {
      preconditionFailure("a job that is not done has tasks that run")
    }
    let answer = answers.remove(at: position)
    now = answer.moment
    switch answer.outcome {
    case .failure(let diagnostic):
      if scheduler.expects(answer.task, from: answer.node) { failures[answer.task] = diagnostic }
      return scheduler.taskFailed(answer.task, on: answer.node)
    case .success(let report):
      directory.remove(report.evicted)
      addresses.remove(report.evicted)
      if scheduler.expects(answer.task, from: answer.node) {
        directory.insert(report.blocks, mayBeSpilled: false)
        addresses.insert(report.blocks)
        reports[answer.task] = report
      } else {
        nodes[answer.node]?.store.settle(report.blocks.map(\.block.id), as: .freed)
      }
      return scheduler.taskDone(answer.task, on: answer.node, nanoseconds: report.nanoseconds)
    }
  }

  // MARK: Blocks

  func settle(_ blocks: [BlockRef], as retention: BlockState.Retention) {
    for block in blocks where directory.contains(block) {
      nodes[block.node]?.store.settle([block.id], as: retention)
      directory.settle(block.id, as: retention)
      if retention == .freed { addresses.remove([block.id]) }
    }
  }

  /// Virtual nodes answer before any deadline.
  func acquire(_ blocks: [BlockRef], deadline: Deadline) throws(Diagnostic) -> [BlockID] {
    _ = try step()
    return blocks.filter { block in
      guard directory.contains(block), let node = nodes[block.node] else { return true }
      return !node.store.hold([block.id]).isEmpty
    }.map(\.id)
  }

  func release(_ blocks: [BlockRef]) {
    for block in blocks where nodes[block.node]?.epoch == block.epoch { nodes[block.node]?.store.release([block.id]) }
  }

  func contains(_ block: BlockRef) -> Bool { directory.contains(block) }

  /// Virtual nodes have no disk.
  func allowSpilling(_ blocks: [BlockRef]) {}
  func moveToDisk(_ blocks: [BlockRef]) {}
  func isOnDisk(_ block: BlockRef) -> Bool { false }

  /// Asking for a context is a step too: nodes may die before the head reads.
  private func headContext() -> TaskContext {
    do { _ = try step() } catch { preconditionFailure("a store that was there once: \(error.message)") }
    return TaskContext(
      node: 0, task: scheduler.takeTaskNumber(), seed: 0, isDeterministic: true, store: head, peers: headPeers, addresses: addresses,
      cancelFlag: CancelFlag())
  }

  func headReader() -> any HeadReader { headContext() }

  func inspect(_ blocks: [BlockRef], _ inspection: BlockInspection) throws -> [[[Value]]] {
    let context = headContext()
    return try blocks.map { inspection.answer(try context.batchInPlace(of: $0, columns: inspection.columns)) }
  }

  func transfers() -> [Transfer] { history.total([head.arena.header] + nodes.values.map(\.store.arena.header)) }

  func awaitMovements() {}
}
