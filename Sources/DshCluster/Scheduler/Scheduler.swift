// Which task runs where and when: events in, actions out. No clock, no socket, so whole clusters are simulated from a seed.
import DshColumns
import DshStore

/// The scheduler of a cluster. It outlives jobs, because tasks of an abandoned job occupy their slots until they have answered.
///
/// The driver reports what happened, performs the actions it gets back, and then asks `dispatch` for what to start: deliveries come first,
/// because the caller may have had enough.
///
/// Promises: a task's result is used exactly once; results are delivered in order; the reported failure is the earliest in order; a task that
/// was running on nodes that died `killLimit` times is blamed; suspects run alone, so that an innocent neighbour isn't blamed; a slow task gets
/// one copy at most, and the first of the two to be done counts.
public struct Scheduler {
  /// How often a task may take its node with it before it is blamed for that.
  public static let killLimit = 3
  /// How often a task that finds no room in its store is run again.
  static let crowdingLimit = 16
  /// A task leaves the node of its data only if so many tasks for each of that node's slots wait there.
  static let stealThreshold = 4
  /// So many tasks for each slot wait on a node behind those that run there, where tasks are short: else the node would wait for the head after
  /// every one of them, which takes as long as a short task.
  static let aheadPerSlot = 2
  /// The longest task that counts as short. What waits behind it can't go to another node any more.
  static let shortNanoseconds: Int64 = 20_000_000

  var nodes: [NodeIndex: Node] = [:]
  private(set) var current: Running?
  private var nextTask: UInt64 = 1
  let isDeterministic: Bool

  public init(isDeterministic: Bool) { self.isDeterministic = isDeterministic }

  // MARK: Nodes

  public mutating func nodeStarting(_ node: NodeIndex, slots: Int) { nodes[node] = Node(state: .starting, slots: slots) }

  public mutating func nodeUp(_ node: NodeIndex) {
    if nodes[node]?.state == .starting { nodes[node]?.state = .up }
  }

  public mutating func nodeDraining(_ node: NodeIndex) {
    nodes[node]?.state = .draining
    current?.queues.unbind(node)
  }

  /// The node takes tasks again after all.
  public mutating func nodeKept(_ node: NodeIndex) {
    if nodes[node]?.state == .draining { nodes[node]?.state = .up }
  }

  /// The node does not answer: what it runs and what waits for it goes to others, also where it has not been up yet. Nobody is blamed, and whoever is
  /// done first counts.
  public mutating func nodeSilent(_ node: NodeIndex) {
    guard let state = nodes[node]?.state, state != .silent else { return }
    if state != .draining { nodes[node]?.state = .silent }
    for task in nodes[node]?.running ?? [] {
      if let index = index(of: task), current?.isRunning(index, on: node) == true, current?.drop(index, on: node) == false {
        requeue(index)
      }
    }
    current?.queues.unbind(node)
  }

  /// The silent node answers again. What it still runs and nobody else has begun since is its own; of the rest whoever is done first counts.
  public mutating func nodeAnswers(_ node: NodeIndex) {
    guard nodes[node]?.state == .silent else { return }
    nodes[node]?.state = .up
    for task in nodes[node]?.running ?? [] {
      guard let index = index(of: task), let state = current?.states[index] else { continue }
      switch state {
      case .waiting:
        current?.states[index] = .running(on: node)
        current?.queues.remove(index)
      case .running(let other) where other != node && current?.copies[index] == nil: current?.copies[index] = node
      case .running, .done, .delivered, .dropped: break
      }
    }
  }

  /// The node ended. If it is replaced, `nodeStarting` follows before `dispatch`; otherwise it is gone for good.
  ///
  /// - Parameter wasEnded: whether somebody ended it on purpose, so that no task is blamed.
  public mutating func nodeLost(_ node: NodeIndex, wasEnded: Bool = false) -> [Action] {
    guard let lost = nodes.removeValue(forKey: node) else { return [] }
    var actions: [Action] = []
    for task in lost.running {
      guard let index = index(of: task), current?.isRunning(index, on: node) == true else { continue }
      let goesOn = current?.drop(index, on: node) == true
      if !wasEnded && lost.begun.contains(task) { actions += taskKilled(index, goesOn: goesOn) } else if !goesOn { requeue(index) }
    }
    // The data this node had is gone: its waiting tasks may run anywhere.
    current?.queues.unbind(node)
    return actions
  }

  /// - Parameter goesOn: whether another node still runs it.
  private mutating func taskKilled(_ index: Int, goesOn: Bool) -> [Action] {
    guard current != nil else { return [] }
    let kills = (current?.kills[index] ?? 0) + 1
    current?.kills[index] = kills
    if kills >= Self.killLimit { return cancelRuns(of: index) + fail(index, .killedNodes(index: index)) }
    if !goesOn { requeue(index) }
    return []
  }

  // MARK: Jobs

  /// Starts a job; the task of index i gets the number `firstTask + i`.
  public mutating func begin(_ job: Job) -> (firstTask: UInt64, actions: [Action]) {
    precondition(current == nil, "one job at a time")
    let firstTask = nextTask
    nextTask += UInt64(job.count)
    current = Running(
      firstTask: firstTask, job: job, states: Array(repeating: .waiting, count: job.count), queues: TaskQueues(), unfinished: job.count)
    return (firstTask, job.count == 0 ? finish(.completed) : [])
  }

  /// Takes a task number for work outside of jobs.
  public mutating func takeTaskNumber() -> UInt64 {
    defer { nextTask += 1 }
    return nextTask
  }

  /// The index of a task in the current job.
  public func index(of task: UInt64) -> Int? {
    guard let current, task >= current.firstTask, task - current.firstTask < UInt64(current.states.count) else { return nil }
    return Int(task - current.firstTask)
  }

  /// Whether the result of a task on this node is the one that counts; another node may have been faster, or nobody may want it any more.
  public func expects(_ task: UInt64, from node: NodeIndex) -> Bool {
    index(of: task).map { current?.isRunning($0, on: node) ?? false } ?? false
  }

  public mutating func taskDone(_ task: UInt64, on node: NodeIndex, nanoseconds: Int64) -> [Action] {
    leave(task, node)
    guard let index = index(of: task), current?.isRunning(index, on: node) == true else { return [] }
    current?.times.taskDone(index, nanoseconds)
    // The other one that runs it was slower.
    let slower = current?.drop(index, on: node) == true ? cancelRuns(of: index) : []
    current?.states[index] = .done
    current?.unfinished -= 1
    return slower + advance()
  }

  /// Whether a second node was given the task of an index because the first was slow.
  public func wasCopied(_ index: Int) -> Bool { current?.copied.contains(index) ?? false }

  /// The caller was given the result of this index and can't use it: the task runs again, and results from it on are delivered anew.
  public mutating func again(_ index: Int) {
    guard var job = takeCurrent() else { return }
    for later in index + 1..<max(index + 1, job.deliveredEnd) where job.states[later] == .delivered { job.states[later] = .done }
    job.unfinished += 1
    job.deliveredEnd = index
    job.frontier = index
    job.waveStart = min(job.waveStart, index)
    current = job
    requeue(index)
  }

  public mutating func taskFailed(_ task: UInt64, on node: NodeIndex) -> [Action] {
    leave(task, node)
    guard let index = index(of: task), current?.isRunning(index, on: node) == true else { return [] }
    // What only one of two nodes could not do decides nothing.
    if current?.drop(index, on: node) == true { return [] }
    return fail(index, .failed(index: index))
  }

  /// A task could not go on, as others take the room in its store: it runs again, with fewer beside it.
  ///
  /// - Returns: false for one that has been tried too often.
  public mutating func taskCrowdedOut(_ task: UInt64, on node: NodeIndex) -> Bool {
    guard let index = index(of: task), current?.isRunning(index, on: node) == true,
      current?.crowdings[index, default: 0] ?? 0 < Self.crowdingLimit
    else { return false }
    current?.crowdings[index, default: 0] += 1
    leave(task, node)
    let others = nodes[node]?.begun.count ?? 1
    nodes[node]?.crowdLimit = max(1, others)
    if current?.drop(index, on: node) == false { requeue(index) }
    return true
  }

  /// The tasks that have begun and not answered, with their nodes.
  public var begunTasks: [(task: UInt64, node: NodeIndex)] { nodes.flatMap { node, state in state.begun.map { ($0, node) } } }

  /// The result of a task that was done, but whose blocks went with a node: it runs again unless it was used up.
  ///
  /// - Returns: whether it runs again.
  public mutating func resultLost(_ task: UInt64) -> Bool {
    guard let index = index(of: task), current?.states[index] == .done else { return false }
    current?.unfinished += 1
    requeue(index)
    if let frontier = current?.frontier, index < frontier { current?.frontier = index }
    return true
  }

  /// Whether a task of the current job is to be run.
  func isWaiting(_ task: UInt64) -> Bool { index(of: task).map { current?.states[$0] == .waiting } ?? false }

  /// Whether a node has a task that it has not answered.
  public func isRunning(_ task: UInt64, on node: NodeIndex) -> Bool { nodes[node]?.running.contains(task) ?? false }

  /// Tasks that have not answered, abandoned ones included.
  public func runningTasks(on node: NodeIndex) -> Int { nodes[node]?.running.count ?? 0 }

  /// Tasks on all nodes that have not answered.
  public var runningTasks: Int { nodes.values.reduce(0) { $0 + $1.running.count } }

  /// Ends the job early: `.stopped` or `.cancelled`.
  public mutating func stop(_ outcome: Outcome) -> [Action] {
    guard current != nil else { return [] }
    return abandon(from: 0) + finish(outcome)
  }

  // MARK: Deciding

  /// Takes the job out to change it and put it back: its arrays would be copied if both had them.
  private mutating func takeCurrent() -> Running? {
    defer { current = nil }
    return current
  }

  /// Changes the job where it is.
  mutating func change(_ body: (inout Running) -> Void) {
    guard var job = takeCurrent() else { return }
    body(&job)
    current = job
  }

  private mutating func leave(_ task: UInt64, _ node: NodeIndex) {
    nodes[node]?.running.removeAll { $0 == task }
    nodes[node]?.runsSuspect = false
  }

  /// Cancels a task on all nodes that run it.
  private func cancelRuns(of index: Int) -> [Action] {
    guard let job = current else { return [] }
    return job.runs(of: index).map { .cancel(task: job.task(index), on: $0) }
  }

  private mutating func requeue(_ index: Int) {
    current?.states[index] = .waiting
    current?.queues.insert(index, boundTo: nil)
  }

  /// Remembers the earliest failure; later tasks are pointless, earlier ones decide.
  private mutating func fail(_ index: Int, _ outcome: Outcome) -> [Action] {
    guard current != nil else { return [] }
    if current?.states[index] != .dropped {
      current?.states[index] = .dropped
      current?.copies[index] = nil
      current?.unfinished -= 1
    }
    // An earlier failure dropped all later tasks, so this one is the earliest so far.
    current?.failure = (index, outcome)
    return abandon(from: index + 1) + advance()
  }

  /// Drops all tasks from an index on that are not finished, and cancels those that run; what is done and not delivered is discarded.
  private mutating func abandon(from first: Int) -> [Action] {
    guard var job = takeCurrent() else { return [] }
    var actions: [Action] = []
    for index in first..<max(first, job.states.count) {
      let task = job.firstTask + UInt64(index)
      switch job.states[index] {
      case .waiting: job.unfinished -= 1
      case .running:
        job.unfinished -= 1
        actions += job.runs(of: index).map { .cancel(task: task, on: $0) }
      case .done: actions.append(.discard(task: task))
      case .delivered, .dropped: continue
      }
      job.states[index] = .dropped
      job.copies[index] = nil
    }
    job.queues.remove(from: first)
    current = job
    return actions
  }

  /// Delivers what is next in order.
  private mutating func advance() -> [Action] {
    guard var job = takeCurrent() else { return [] }
    var actions: [Action] = []
    while job.frontier < job.states.count, job.states[job.frontier] == .done || job.states[job.frontier] == .delivered { job.frontier += 1 }
    // In deterministic mode a wave counts as a whole, so that what runs does not depend on who is faster.
    var end = job.frontier
    if isDeterministic, let window = job.job.window {
      end = job.waveStart
      while end < job.frontier && (job.frontier >= min(end + window, job.states.count) || job.failure?.index == job.frontier) {
        end = min(end + window, job.frontier)
      }
      job.waveStart = end
    }
    for index in job.deliveredEnd..<max(job.deliveredEnd, end) {
      job.states[index] = .delivered
      actions.append(.deliver(index: index))
    }
    job.deliveredEnd = max(job.deliveredEnd, end)
    current = job
    return actions
  }

  /// Ends the job when its failure or its last task is reached; asked only when all deliveries were taken.
  private mutating func finishIfDone() -> [Action] {
    guard let job = current else { return [] }
    if let failure = job.failure {
      return job.frontier >= failure.index ? abandon(from: 0) + finish(failure.outcome) : []
    }
    return job.unfinished == 0 && job.frontier == job.states.count ? finish(.completed) : []
  }

  private mutating func finish(_ outcome: Outcome) -> [Action] {
    current = nil
    for node in nodes.keys { nodes[node]?.crowdLimit = nil }
    return [.finish(outcome)]
  }

  /// Ends the job if that is due, else starts what can be started. Call it when the actions of the last events are performed.
  ///
  /// - Parameter now: nanoseconds of a clock that never goes back.
  public mutating func dispatch(now: Int64) -> [Action] {
    let ending = finishIfDone()
    if current == nil { return ending }
    if nodes.values.allSatisfy({ $0.state == .draining && $0.running.isEmpty }) { return abandon(from: 0) + finish(.noNodes) }
    // Placement by index is only the same every time if it starts with all nodes there.
    if isDeterministic && nodes.values.contains(where: { $0.state == .starting }) { return [] }
    guard var job = takeCurrent() else { return [] }
    let end = job.job.window.map { min(job.states.count, (isDeterministic ? job.waveStart : job.frontier) + $0) } ?? job.states.count
    var actions: [Action] = []
    job.queues.fill(to: end) { index in
      guard job.states[index] == .waiting else { return .none }
      return .waiting(boundTo: job.job.preferred(index).flatMap { nodes[$0]?.takesTasks == true ? $0 : nil })
    }
    let slots = nodes.values.reduce(0) { $0 + $1.slots }
    // Who is sent what must not depend on time where every run is to be alike.
    let tasksPerSlot = isDeterministic ? 1 : job.tasksPerSlot(slots: slots)
    while let (index, node) = place(&job, before: end, tasksPerSlot: tasksPerSlot) {
      let task = job.firstTask + UInt64(index)
      job.states[index] = .running(on: node)
      job.times.begun[index] = now
      nodes[node]?.running.append(task)
      nodes[node]?.runsSuspect = job.kills[index] != nil
      actions.append(.run(task: task, on: node))
    }
    current = job
    return actions + copySlowTasks(now: now)
  }

  private func place(_ job: inout Running, before end: Int, tasksPerSlot: Int) -> (index: Int, node: NodeIndex)? {
    isDeterministic ? placeByIndex(&job, before: end, nodes) : placeByLoad(&job, before: end, tasksPerSlot: tasksPerSlot, nodes)
  }
}
