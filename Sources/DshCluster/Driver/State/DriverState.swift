// What the driver knows and decides: events in, actions out. No process, no connection and no clock.
import DshColumns
import DshDiagnostics
import DshStore

/// The state of a driver, made of a structure for each thing that there is to decide.
///
/// Whoever owns it tells it what happens, and after each event carries out `takeActions()`, in order. What a job needs is asked for step by step
/// (`nextStep`), because its receiver may have had enough. All times are those of one clock that never goes back.
///
/// ```
/// state.nodeStarted(1, epoch: 0, slots: 2, now: 0)      // → share(arenaOf: 0, with: 1)
/// state.nodeReady(1, epoch: 0, now: 5)
/// state.beginJob(job)
/// state.nextStep(now: 5)                                // make(index: 0, task: 1, on: 1)
/// state.taskMade(1, made, on: 1, now: 5)                // → send(runTask(…), to: 1)
/// state.nextStep(now: 5)                                // wait
/// state.received(.taskDone(answer), from: 1, epoch: 0, now: 9)
/// state.nextStep(now: 9)                                // deliver(result)
/// ```
struct DriverState {
  var membership = Membership()
  var scheduler: Scheduler
  var liveness = Liveness()
  var supervision = Supervision()
  var directory = BlockDirectory()
  var acquisitions = Acquisitions()
  var abandoned = AbandonedTasks()
  var settlements = Settlements()
  var spilling = Spilling()
  /// Why blocks could not be written to disk, the last time.
  var spillFailure: Diagnostic?
  var deaths = NodeDeaths()
  var chaos: ChaosPlan?
  var job: RunningJob?
  private var actions: [DriverAction] = []
  private var events: [ClusterEvent] = []

  /// The limit of each node's store, if blocks may go to disk.
  let spillingStoreBytes: Int?

  init(isDeterministic: Bool = false, chaosSeed: UInt64? = nil, spillingStoreBytes: Int? = nil) {
    self.spillingStoreBytes = spillingStoreBytes
    scheduler = Scheduler(isDeterministic: isDeterministic)
    chaos = chaosSeed.map { ChaosPlan(seed: $0) }
  }

  // MARK: What comes out

  /// What is to be done since the last time.
  mutating func takeActions() -> [DriverAction] {
    defer { actions = [] }
    return actions
  }

  /// What is to be told since the last time.
  mutating func takeEvents() -> [ClusterEvent] {
    defer { events = [] }
    return events
  }

  /// Whether there is something to be told.
  var hasEvents: Bool { !events.isEmpty }

  mutating func act(_ action: DriverAction) { actions.append(action) }

  mutating func note(_ happened: [ClusterEvent]) { events += happened }

  // MARK: Time

  /// Looks at the clock; call it after everything that came was taken in, while something is waited for.
  mutating func tick(now: Int64) {
    for action in liveness.look(now: now) { perform(action, now: now) }
    acquisitions.look(now: now)
    for node in abandoned.overdue(now: now) { act(.kill(node)) }
    for node in chaos?.look(now: now) ?? [] { act(.resume(node)) }
  }

  /// When something may change by itself.
  var nextTick: Int64? {
    [liveness.nextLook, acquisitions.nextDeadline, abandoned.nextDeadline, chaos?.nextLook, scheduler.nextCopyMoment].compactMap(\.self)
      .min()
  }

  private mutating func perform(_ action: Liveness.Action, now: Int64) {
    switch action {
    case .ask(let node): ask(node, for: nil, now: now)
    case .silent(let node):
      note([.nodeSilent(name: nodeName(node))])
      scheduler.nodeSilent(node)
      acquisitions.giveUp(on: node)
    case .answers(let node):
      note([.nodeAnswers(name: nodeName(node))])
      scheduler.nodeAnswers(node)
    case .lost(let node): act(.end(node))
    }
  }

  // MARK: Messages

  /// Takes in a message; one of an earlier process of the node is passed over.
  mutating func received(_ message: NodeMessage, from node: NodeIndex, epoch: Int, now: Int64) {
    guard membership.isCurrent(node, epoch) else { return }
    for action in liveness.heard(node, now: now) { perform(action, now: now) }
    switch message {
    case .ready: nodeReady(node)
    case .taskDone(let answer): taskDone(answer, on: node, now: now)
    case .taskFailed(0, let diagnostic, _): membership.change(node) { $0.lastWords = diagnostic }
    case .taskFailed(let task, let diagnostic, let evicted):
      blocksEvicted(evicted)
      taskFailed(task, diagnostic, on: node, now: now)
    case .acquired(let request, let missing): acquired(request, missing: missing, by: node)
    case .needsRoom(let task, let request, let byteCount): spilling.needsRoom(task, request: request, byteCount, on: node)
    case .spilled(let locations, let failure, _): blocksSpilled(locations, failure: failure, on: node)
    }
    finishDraining()
    makeRoom()
  }

  // MARK: Chaos

  /// A statement is about to need a node, or any of them: with chaos switched on one may die or stop just now. It is noticed as any other
  /// death, later; but nobody is blamed for it.
  mutating func misfortune(at node: NodeIndex? = nil, now: Int64) {
    guard chaos != nil else { return }
    switch chaos?.step(at: node, among: membership.all { $0.isReady && !$0.isEnded }, now: now) {
    case .kill(let victim):
      membership.change(victim) { $0.isEnded = true }
      act(.kill(victim))
    case .stop(let victim): act(.pause(victim))
    case nil: break
    }
  }

  /// A statement has ended; cancelled tasks that could move something have answered.
  mutating func statementEnded() {
    abandoned.statementEnded()
    spilling.statementEnded()
    spillFailure = nil
    chaos?.statementEnded()
  }
}
