// What the driver of a Ray cluster knows and decides: calls and messages in, requests out. No process, no connection and no clock.

import DshColumns
import DshDiagnostics
import DshStore
import DshTasks

/// The state of the driver. Ray schedules, moves, spills and rebuilds; what is decided here is which task goes next and near which blocks, what is cut
/// of blocks before it moves, and what blocks are kept for.
///
/// Whoever owns it tells it what happens, and after each event sends `takeRequests()`, in order.
struct RayState {
  /// How Ray is doing.
  enum Phase {
    case starting
    case up(ray: String, python: String, isOwn: Bool)
    case failed(Diagnostic)
  }

  var phase = Phase.starting
  var nodes = RayNodes()
  var blocks = RayBlocks()
  var scheduler: Scheduler
  var job: RunningJob?
  var tasks: [UInt64: RayTask] = [:]
  /// What was asked and not answered yet, and the answers that nobody has taken.
  var questions = RayQuestions()
  private(set) var transfers: [RayTransfer: Int] = [:]
  private(set) var deaths: [String] = []
  private var requests: [BridgeRequest] = []
  private var events: [ClusterEvent] = []

  /// The share of all stores that blocks may take which are kept in case they are wanted again.
  private static let cacheShare = 4

  /// How many tasks a node is given for each of its processors: the answer to one takes milliseconds to come, and the next as many to go.
  private static let tasksPerProcessor = 2

  init(isDeterministic: Bool) { scheduler = Scheduler(isDeterministic: isDeterministic) }

  /// Forgets what a session has made and moved.
  mutating func reset() {
    for task in tasks.keys { send(.cancel(task: task)) }
    release(blocks.removeAll())
    (transfers, events, deaths) = ([:], [], [])
  }

  // MARK: What comes out

  /// What is to be sent since the last time.
  mutating func takeRequests() -> [BridgeRequest] {
    defer { requests = [] }
    return requests
  }

  /// What is to be told since the last time.
  mutating func takeEvents() -> [ClusterEvent] {
    defer { events = [] }
    return events
  }

  var hasEvents: Bool { !events.isEmpty }

  mutating func send(_ request: BridgeRequest) { requests.append(request) }

  // MARK: Messages

  /// Takes in what the bridge says.
  ///
  /// - Parameter payload: the bytes that came with an answer.
  mutating func received(_ reply: BridgeReply, payload: Buffer?, now: Int64) {
    switch reply {
    case .started(let ray, let python, let isOwn, let seen):
      phase = .up(ray: ray, python: python, isOwn: isOwn)
      updateNodes(seen, isFirst: true)
      events.append(.clusterStarted(startText(ray: ray, python: python, isOwn: isOwn)))
    case .notStarted(let failure, let text): failed(failure.diagnostic(text))
    case .done(let answer): taskDone(answer, now: now)
    case .failed(let task, let failure, let text): taskFailed(task, failure, text, now: now)
    case .answered(let number, let node, let outcome, _):
      // Also from the store of this machine it is copied to the head; what lies with the driver is there already.
      if let payload, questions.areAboutStores(number) { countMoved(payload.byteCount, from: nodes.index(of: node), to: 0) }
      questions.answer(number, .success(RayQuestions.Answer(node: nodes.index(of: node), outcome: outcome, payload: payload)))
    case .unanswered(let number, let failure, let text):
      let diagnostic = failure.diagnostic(text, doing: "look at blocks")
      if case .lost = failure { forget(questions.blocks(of: number)) }
      questions.answer(number, .failure(diagnostic))
    case .located(let number, let locations):
      for location in locations {
        blocks.locate(location.block, on: location.nodes.map { nodes.index(of: $0) }, isSpilled: location.isSpilled)
      }
      questions.answer(number, .success(RayQuestions.Answer(node: 0, locations: locations)))
    case .nodes(let seen): updateNodes(seen, isFirst: false)
    case .stopped: break
    }
  }

  /// The bridge is gone, or Ray never came.
  mutating func failed(_ diagnostic: Diagnostic) {
    // What never came is told to whoever wants to work with it.
    if case .up = phase { events.append(.clusterEnded(diagnostic.message)) }
    phase = .failed(diagnostic)
    questions.failAll(diagnostic)
    guard job != nil else { return }
    _ = scheduler.stop(.stopped)
    job?.receiverFailed(diagnostic)
    job?.ended(.stopped)
  }

  private mutating func updateNodes(_ seen: [RayNode], isFirst: Bool) {
    for change in nodes.update(seen) {
      switch change {
      case .came(let index):
        guard let node = nodes[index], node.slots > 0 else { continue }
        // While a processor works on one task the next one is on its way.
        scheduler.nodeStarting(index, slots: node.slots * Self.tasksPerProcessor)
        scheduler.nodeUp(index)
        if !isFirst { events.append(.nodeCame(name: nodeName(index))) }
      case .went(let index): nodeWent(index)
      }
    }
    blocks.cacheLimitBytes = nodes.storeBytes / Self.cacheShare
  }

  /// Ray runs its tasks elsewhere and makes its blocks again; it gets no more of them.
  private mutating func nodeWent(_ index: NodeIndex) {
    scheduler.nodeDraining(index)
    let lost = blocks.blocks(on: index)
    let running = tasks.values.count { $0.node == index }
    deaths.append(nodeName(index))
    events.append(
      .nodeWent(name: nodeName(index), blocks: lost.count, byteCount: lost.reduce(0) { $0 + $1.byteCount }, tasks: running))
    // Where they are made again, nobody can know before.
    for block in lost { blocks.lose(block.id) }
  }

  /// Forgets blocks that Ray can't make again.
  mutating func forget(_ ids: [BlockID]) {
    guard !ids.isEmpty else { return }
    blocks.remove(ids)
    release(ids)
    events.append(.blocksEvicted(ids))
  }

  mutating func release(_ ids: [BlockID]) {
    if !ids.isEmpty { send(.release(ids)) }
  }

  mutating func countMoved(_ byteCount: Int, from: NodeIndex, to: NodeIndex) {
    transfers[RayTransfer(from: from, to: to), default: 0] += byteCount
  }

  private func startText(ray: String, python: String, isOwn: Bool) -> String {
    let stores = Set(nodes.takers.compactMap { nodes[$0]?.storeBytes }).sorted()
    let size = stores.count == 1 ? bytesText(stores[0]) : "\(bytesText(stores.first ?? 0)) to \(bytesText(stores.last ?? 0))"
    return
      "Ray \(ray) (Python \(python)), \(isOwn ? "started for this shell" : "joined"): \(counted(nodes.takers.count, "node")), "
      + "\(counted(nodes.slots, "processor")), \(size) of object store each"
  }
}

/// From which node to which.
struct RayTransfer: Hashable {
  var from: NodeIndex
  var to: NodeIndex
}

/// A task that Ray has and has not answered.
struct RayTask {
  /// Where it was sent.
  var node: NodeIndex
  var inputs: [BlockRef]
  /// What it moves is nobody's any more.
  var isCancelled = false
}

extension BridgeStartFailure {
  /// What to do.
  private var help: String? {
    switch self {
    case .noRay: "install it where python3 finds it, such as: python3 -m pip install ray numpy, or name a Python that has it: DSH_PYTHON=…"
    case .version: "use a Python with a Ray that fits: DSH_PYTHON=…"
    case .library: "libdsh.so belongs beside dsh; or name it: DSH_LIBRARY=…"
    case .noConnection: "start one with: ray start --head, or let dsh do it: --cluster ray"
    case .noToken: "give the cluster's: RAY_AUTH_TOKEN=…, or its file ~/.ray/auth_token"
    case .other: nil
    }
  }

  /// As an error.
  func diagnostic(_ text: String) -> Diagnostic { Diagnostic(.noRay, text, suggestion: help.map { .words($0) }) }
}

extension BridgeFailure {
  /// As an error, with Ray's reason in a note.
  func diagnostic(_ reason: String, doing what: String = "run a task") -> Diagnostic {
    let notes = ["Ray: \(reason)"]
    switch self {
    case .cancelled: return TaskContext.cancellation
    case .lost: return Diagnostic(.blockLost, "a block is lost, and Ray can't make it again", notes: notes)
    case .died: return Diagnostic(.taskKilledNode, "the process of a task ended too often", notes: notes)
    case .outOfMemory: return Diagnostic(.outOfMemory, "Ray has no memory to \(what)", notes: notes)
    case .library: return Diagnostic(.noRay, reason)
    case .file: return Diagnostic(.remoteFile, reason)
    case .other: return Diagnostic(.taskError, "Ray can't \(what)", notes: notes)
    }
  }
}
