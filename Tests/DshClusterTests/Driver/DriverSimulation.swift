// A driver without processes: its state against virtual nodes with stores, which answer late, fall silent and crash, all from one seed.
@testable import DshCluster
import DshColumns
import DshDiagnostics
import DshStore

/// Plays a caller that runs jobs, acquires, releases and settles blocks, while nodes live and die. What is wrong is in `complaints`.
struct DriverSimulation {
  /// A process of a node: what it was told and has not read, what it said and the head has not heard, and its store.
  private struct Process {
    let epoch: Int
    var told: [HeadMessage] = []
    var said: [NodeMessage] = []
    var running: Set<UInt64> = []
    /// Tasks that wait for room, with their requests.
    var waiting: [UInt64: UInt64] = [:]
    /// What tasks were told to read in memory.
    var readsInMemory: [UInt64: Set<BlockRef>] = [:]
    var blocks: [BlockID: Block] = [:]
    var silentUntil: Int64 = 0
    /// Until then its tasks take many times as long.
    var slowUntil: Int64 = 0
  }

  private struct Block {
    var holds = 0
    var isCached = false
    var isDoomed = false
    var isOnDisk = false
    var isInMemory = true
  }

  private static let step: Int64 = 20_000_000
  private let bug: PlantedBug?
  private var random: SeededRandom
  private var state = DriverState(spillingStoreBytes: 100)
  private var now: Int64 = 0
  private var nextRequest: UInt64 = 0
  private var processes: [NodeIndex: Process] = [:]
  /// The last words of dead processes, which may be heard after their ends.
  private var late: [(node: NodeIndex, epoch: Int, message: NodeMessage)] = []
  /// Cancelled tasks that the head has not heard of since, with the blocks that they read.
  private var cancelled: [UInt64: [NodeIndex: Set<BlockRef>]] = [:]
  private var reads: [UInt64: Set<BlockRef>] = [:]
  private var acquiring: [Acquisitions.ID: [BlockRef]] = [:]
  private var acquired: [[BlockRef]] = []
  private var readByJob: [BlockRef] = []
  /// Blocks of results that were received; those of others are not the caller's.
  private var received: Set<BlockRef> = []
  private(set) var complaints: [String] = []
  /// How often what happened, so that a test sees that it did.
  private(set) var counts: [String: Int] = [:]

  init(seed: UInt64, nodes: Int, bug: PlantedBug? = nil) {
    self.bug = bug
    random = SeededRandom(seed: seed)
    for node in 1...nodes { start(node, epoch: state.membership.takeEpoch(of: node)) }
  }

  static func play(seed: UInt64, nodes: Int = 3, steps: Int = 400, bug: PlantedBug? = nil) -> DriverSimulation {
    var simulation = DriverSimulation(seed: seed, nodes: nodes, bug: bug)
    for _ in 0..<steps { simulation.play() }
    simulation.comeToAnEnd()
    return simulation
  }

  private mutating func chance(_ percent: Int) -> Bool { random.chance(percent) }

  private mutating func pick<T>(_ choices: [T]) -> T? { choices.randomElement(using: &random) }

  private mutating func count(_ event: String) { counts[event, default: 0] += 1 }

  // MARK: The world

  private mutating func play() {
    now += Self.step
    for node in processes.keys.sorted() where chance(60) { live(node) }
    if chance(2), let node = pick(processes.keys.sorted()) { crash(node) }
    if chance(2), let node = pick(processes.keys.sorted()) {
      processes[node]?.silentUntil = now + Int64(Int.random(in: 1...150, using: &random)) * Self.step
    }
    if chance(2), let node = pick(processes.keys.sorted()) {
      processes[node]?.slowUntil = now + Int64(Int.random(in: 50...300, using: &random)) * Self.step
    }
    if !late.isEmpty, chance(50) {
      let last = late.removeFirst()
      tell { [now] in $0.received(last.message, from: last.node, epoch: last.epoch, now: now) }
    }
    call()
    tell { [now] in $0.tick(now: now) }
  }

  private mutating func start(_ node: NodeIndex, epoch: Int) {
    processes[node] = Process(epoch: epoch, said: [.ready(processID: 1)])
    tell { [now] in $0.nodeStarted(node, epoch: epoch, slots: 2, now: now) }
  }

  private mutating func crash(_ node: NodeIndex) {
    guard let process = processes.removeValue(forKey: node) else { return }
    count("crash")
    late += process.said.map { (node, process.epoch, $0) }
    for task in cancelled.keys { cancelled[task]?[node] = nil }
    let end = NodeEnd(processID: 1, reason: Diagnostic(.nodeEnded, "crashed"))
    tell { [now] in $0.nodeEnded(node, epoch: process.epoch, end, now: now) }
  }

  /// A node reads a message, finishes a task, and is heard.
  private mutating func live(_ node: NodeIndex) {
    guard var process = processes[node], process.silentUntil <= now else { return }
    if !process.told.isEmpty {
      let message = process.told.removeFirst()
      take(message, node, &process)
    }
    if chance(5), let task = pick(process.running.subtracting(process.waiting.keys).sorted()) { ask(task, &process) }
    if chance(process.slowUntil > now ? 1 : 30), let task = pick(process.running.subtracting(process.waiting.keys).sorted()) {
      finish(task, node, &process)
    }
    let heard = process.said.isEmpty ? nil : process.said.removeFirst()
    processes[node] = process
    guard let heard else { return }
    switch heard {
    case .taskDone(let answer): forgetCancelled(answer.task, node)
    case .taskFailed(let task, _, _): forgetCancelled(task, node)
    case .spilled: count("spilled")
    case .ready, .acquired, .needsRoom: break
    }
    if bug == .slowerAnswerCounts, case .taskDone(let answer) = heard, !state.scheduler.expects(answer.task, from: node) {
      tell { $0.blocksMade(answer.blocks, mayBeSpilled: true) }
    }
    for message in heard.heard(with: bug, &random) { tell { [now] in $0.received(message, from: node, epoch: process.epoch, now: now) } }
    if bug == .earlySettlement { state.abandoned = AbandonedTasks() }
  }

  private mutating func forgetCancelled(_ task: UInt64, _ node: NodeIndex) { cancelled[task]?[node] = nil }

  private mutating func take(_ message: HeadMessage, _ node: NodeIndex, _ process: inout Process) {
    switch message {
    case .runTask(let task, _, let locations):
      process.readsInMemory[task] = Set(locations.filter { if case .memory = $0.place { true } else { false } }.map(\.block))
      for block in process.readsInMemory[task] ?? [] {
        let owner = block.node == node ? process : processes[block.node]
        if let owner, owner.epoch == block.epoch, owner.blocks[block.id]?.isInMemory == false {
          complaints.append("\(now): task \(task) is to read block \(block.id) in memory, where it is not")
        }
      }
      if !process.running.insert(task).inserted { complaints.append("\(now): task \(task) twice at once on a node") }
    case .cancel(let tasks):
      process.waiting = [:]
      for task in tasks where process.running.remove(task) != nil {
        process.readsInMemory[task] = nil
        process.said.append(.taskFailed(task: task, TaskContext.cancellation, evicted: []))
      }
    case .acquire(let request, let ids):
      let missing = ids.filter { process.blocks[$0]?.isDoomed ?? true }
      for id in ids where !missing.contains(id) { process.blocks[id]?.holds += 1 }
      process.said.append(.acquired(request: request, missing: missing))
    case .settle(let settlement):
      for id in settlement.cached { process.blocks[id]?.isCached = true }
      for id in settlement.pinned { process.blocks[id]?.isCached = false }
      for id in settlement.freed { process.blocks[id]?.isDoomed = true }
      for id in settlement.released { process.blocks[id]?.holds -= 1 }
      process.blocks = process.blocks.filter { !$0.value.isDoomed || $0.value.holds > 0 }
      askAnew(&process)
    case .spill(let ids): spill(ids, node, &process)
    case .vacate(let ids):
      for id in ids { vacate(id, node, &process) }
      askAnew(&process)
    case .roomRefused where bug == .ignoredRefusal: break
    case .roomRefused(let task, let request):
      guard process.waiting[task] == request else { return }
      process.waiting[task] = nil
      count("refused")
      process.running.remove(task)
      process.readsInMemory[task] = nil
      process.said.append(.taskFailed(task: task, Diagnostic(.storeFull, "no room"), evicted: []))
      askAnew(&process)
    case .configure, .peerArena, .peerGone, .peerSpillFile, .shutdown: break
    }
  }

  /// A task needs room; it goes on when something in the store has changed, or asks once more then.
  private mutating func ask(_ task: UInt64, _ process: inout Process) {
    count("asked for room")
    nextRequest += 1
    process.waiting[task] = nextRequest
    process.said.append(.needsRoom(task: task, request: nextRequest, byteCount: 8))
  }

  private mutating func askAnew(_ process: inout Process) {
    if bug == .lostWakeUp { return }
    let waiting = process.waiting
    process.waiting = [:]
    for task in waiting.keys.sorted() where chance(50) { ask(task, &process) }
  }

  private mutating func spill(_ ids: [BlockID], _ node: NodeIndex, _ process: inout Process) {
    let fails = chance(10)
    var written: [BlockLocation] = []
    for id in ids where process.blocks[id] != nil && !(fails && chance(50)) {
      process.blocks[id]?.isOnDisk = true
      written.append(
        BlockLocation(BlockRef(id: id, node: node, epoch: process.epoch, byteCount: 8, rows: 1), .disk(offset: 0)))
    }
    process.said.append(.spilled(written, failure: fails ? Diagnostic(.diskFull, "full") : nil, isFirst: false))
    if bug == .memoryGivenUpEarly { for location in written { vacate(location.block.id, node, &process) } }
  }

  /// The memory of a block goes: nobody may have been told to read it there.
  private mutating func vacate(_ id: BlockID, _ node: NodeIndex, _ process: inout Process) {
    guard let block = process.blocks[id] else { return }
    count("vacated")
    if !block.isOnDisk { complaints.append("\(now): block \(id) is given up and lies nowhere else") }
    process.blocks[id]?.isInMemory = false
    let gone = BlockRef(id: id, node: node, epoch: process.epoch, byteCount: 8, rows: 1)
    for other in [process] + processes.filter({ $0.key != node }).values {
      var readers = other.readsInMemory
      for case .runTask(let task, _, let locations) in other.told {
        readers[task] = Set(locations.filter { if case .memory = $0.place { true } else { false } }.map(\.block))
      }
      if let reader = readers.first(where: { $0.value.contains(gone) }) {
        complaints.append("\(now): block \(id) is given up while task \(reader.key) reads it in memory")
      }
    }
  }

  private mutating func finish(_ task: UInt64, _ node: NodeIndex, _ process: inout Process) {
    process.running.remove(task)
    process.readsInMemory[task] = nil
    askAnew(&process)
    var evicted: [BlockID] = []
    if chance(20), let id = pick(process.blocks.filter { $0.value.isCached && $0.value.holds == 0 && !$0.value.isDoomed }.keys.sorted()) {
      process.blocks[id] = nil
      evicted = [id]
    }
    if chance(5) {
      process.said.append(.taskFailed(task: task, Diagnostic(.taskError, "failed"), evicted: evicted))
      return
    }
    let made = (0..<Int.random(in: 0...2, using: &random)).map { BlockID(task: task, ordinal: $0) }
    for id in made { process.blocks[id] = Block() }
    process.said.append(
      .taskDone(
        TaskAnswer(
          task: task, node: node, payload: [],
          blocks: made.map { BlockLocation(BlockRef(id: $0, node: node, epoch: process.epoch, byteCount: 8, rows: 1), .memory(offset: 0)) },
          moved: [], mapped: [], evicted: evicted, nanoseconds: 0)))
  }

  // MARK: The caller

  private var known: [BlockRef] { received.filter { state.directory.contains($0) }.sorted { $0.id < $1.id } }

  private mutating func call() {
    if chance(10) {
      let blocks = known.filter { _ in chance(50) }
      let deadline = Deadline(nanoseconds: Int64(Int.random(in: 1...60, using: &random)) * Self.step)
      acquiring[tell { [now] in $0.acquire(blocks, deadline: deadline, now: now) }] = blocks
    }
    for id in acquiring.keys.sorted() { look(at: id, cancels: chance(3)) }
    if chance(10), let blocks = pick(acquired), !blocks.contains(where: readByJob.contains) {
      acquired.remove(at: acquired.firstIndex(of: blocks) ?? 0)
      tell { $0.release(blocks) }
    }
    if chance(10), let block = pick(known.filter { !readByJob.contains($0) }) {
      let retention = pick([BlockState.Retention.cached, .pinned, .freed]) ?? .freed
      tell { $0.settle([block], as: retention) }
    }
    if state.job == nil, chance(30) {
      readByJob = pick(acquired) ?? []
      let count = Int.random(in: 0...6, using: &random)
      tell { [now] in $0.beginJob(Scheduler.Job(count: count), now: now) }
    } else if state.job != nil, chance(2) {
      tell { [now] in $0.cancelJob(now: now) }
    }
    runJob()
  }

  private mutating func look(at id: Acquisitions.ID, cancels: Bool) {
    guard let blocks = acquiring[id] else { return }
    if cancels {
      count("cancelled acquisition")
      acquiring[id] = nil
      tell { $0.cancel(id) }
    } else if state.acquisitions.isComplete(id) {
      let missing = state.acquisitions.finish(id)
      count(missing.isEmpty ? "acquired" : "missing")
      acquiring[id] = nil
      acquired.append(blocks.filter { !missing.contains($0.id) })
    }
  }

  private mutating func runJob() {
    while state.job != nil {
      switch tell({ [now] in $0.nextStep(now: now) }) {
      case .make(_, let task, let node):
        reads[task] = Set(readByJob)
        tell { [now, readByJob] in $0.taskMade(task, TaskSet.Task(payload: [], rows: readByJob.map { BlockSlice($0) }), on: node, now: now)
        }
      case .deliver(let result):
        let said: Continuation = chance(5) ? .enough : chance(5) ? .again : .more
        if said != .again { received.formUnion(result.blocks) }
        tell { [now] state in
          if said != .again { state.settle(result.blocks, as: .cached) }
          state.resultReceived(said, now: now)
        }
      case .wait: return
      case .ended:
        count("job")
        readByJob = []
        try? state.endJob()
      }
    }
  }

  // MARK: Actions

  @discardableResult
  private mutating func tell<T>(_ event: (inout DriverState) -> T) -> T {
    let result = event(&state)
    while true {
      let actions = state.takeActions()
      if actions.isEmpty { return result }
      for action in actions { perform(action) }
    }
  }

  private mutating func perform(_ action: DriverAction) {
    switch action {
    case .send(let message, let node):
      if processes[node] == nil { complaints.append("\(now): \(message) to node \(node), which is not there") }
      let told = message.told(with: bug, &random)
      processes[node]?.told += told
      check(message, node)
    case .start(let node, let epoch): start(node, epoch: epoch)
    case .kill(let node), .end(let node):
      count("ended by the driver")
      crash(node)
    case .share, .pause, .resume, .publish, .withdraw: break
    }
  }

  private mutating func check(_ message: HeadMessage, _ node: NodeIndex) {
    switch message {
    case .runTask(let task, _, _):
      if let index = state.scheduler.index(of: task), state.scheduler.wasCopied(index) { count("copied") }
    case .cancel(let tasks): for task in tasks { cancelled[task, default: [:]][node] = reads[task] ?? [] }
    case .settle(let settlement):
      let loosened = settlement.cached + settlement.freed + settlement.released
      // A task that ran on two nodes has made blocks of the same names on both.
      for (task, readers) in cancelled where readers.values.contains(where: { $0.contains { $0.node == node && loosened.contains($0.id) } })
      {
        complaints.append("\(now): \(settlement) while cancelled task \(task) may read")
      }
    default: break
    }
  }

  // MARK: The end

  /// Gives up all that the caller has, lets everything arrive, and looks at what is left.
  private mutating func comeToAnEnd() {
    for node in processes.keys { processes[node]?.silentUntil = 0 }
    for _ in 0..<2000 where state.job != nil {
      now += Self.step
      for node in processes.keys.sorted() { live(node) }
      tell { [now] in $0.tick(now: now) }
      runJob()
    }
    if state.job != nil { complaints.append("a job does not come to an end") }
    if state.job != nil { tell { [now] in $0.cancelJob(now: now) } }
    runJob()
    for id in acquiring.keys.sorted() { look(at: id, cancels: true) }
    for blocks in acquired { tell { $0.release(blocks) } }
    for node in processes.keys { processes[node]?.silentUntil = 0 }
    for _ in 0..<2000 {
      now += Self.step
      for node in processes.keys.sorted() { live(node) }
      tell { [now] in $0.tick(now: now) }
      if processes.values.allSatisfy({ $0.told.isEmpty && $0.said.isEmpty && $0.running.isEmpty }) && late.isEmpty { break }
      if !late.isEmpty { late.removeFirst() }
    }
    if !state.abandoned.isEmpty { complaints.append("tasks are waited for that have answered") }
    for (node, process) in processes.sorted(by: { $0.key < $1.key }) {
      if !process.told.isEmpty { complaints.append("node \(node) has not read all it was told") }
      for (id, block) in process.blocks where block.holds != 0 {
        complaints.append("block \(id) of node \(node) is held \(block.holds) times")
      }
      let there = process.blocks.keys.sorted()
      let known = state.directory.entries.values.filter { $0.block.node == node }.map(\.block.id).sorted()
      if there != known { complaints.append("node \(node) has \(there), the head knows \(known)") }
    }
  }
}
