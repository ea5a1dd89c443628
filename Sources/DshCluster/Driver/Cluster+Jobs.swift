// Running jobs: carries out what the scheduler decides.
import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshStore
import DshSystem

extension Cluster {
  /// A cancelled task that doesn't answer for so long is ended with its node, which is replaced.
  static let cancelPatienceNanoseconds: Int64 = 2_000_000_000
  /// A node that has not answered after this is named while it is waited for.
  static let silenceNanoseconds: Int64 = 200_000_000
  /// How often progress is told.
  static let progressMilliseconds = 100

  /// A job under way, as its driver sees it.
  private struct RunningJob {
    let firstTask: UInt64
    let tasks: TaskSet
    let receive: ((TaskResult) throws(Diagnostic) -> Continuation)?
    var started: Set<UInt64> = []
    /// The results before it were received.
    var received = 0
    var outcome: Scheduler.Outcome?
    var failure: Diagnostic?
  }

  /// Runs tasks to the end and waits for them. `cancellation` ends it early.
  ///
  /// - Parameters:
  ///   - receive: gets the results one by one, in order of the tasks, as soon as that is possible. The blocks of a received result are the
  ///     receiver's to settle, whatever happens later.
  ///   - progress: called about every 100 ms.
  /// - Throws: `message-too-large`; the failure of the first task, in order, that failed; `cancelled`; `task-killed-node`; `cluster-lost`; what `receive` throws.
  ///   All blocks of results that were not received are freed then.
  public func run(
    _ set: TaskSet, receive: ((TaskResult) throws(Diagnostic) -> Continuation)? = nil, progress: ((RunProgress) -> Void)? = nil
  ) throws(Diagnostic) -> JobResult {
    let (firstTask, actions) = scheduler.begin(
      Scheduler.Job(count: set.count, preferred: set.preferredNode, window: set.window, delivers: receive != nil))
    pendingActions += actions
    var job = RunningJob(firstTask: firstTask, tasks: set, receive: receive)
    let start = monotonicNanoseconds()
    var nextProgress = start
    var lastProgress: RunProgress?
    let scannedBefore = progress == nil ? ScanProgress(rows: 0, bytes: 0) : scanned
    while true {
      performActions(of: &job)
      if job.outcome != nil && pendingActions.isEmpty { break }
      if !pendingActions.isEmpty { continue }
      let isCancelled = wait(milliseconds: waitMilliseconds(progress == nil ? nil : nextProgress), interruption: cancellation)
      if isCancelled { pendingActions += scheduler.stop(.cancelled) }
      endImpatiently()
      let now = monotonicNanoseconds()
      if let progress, now >= nextProgress {
        nextProgress = now + Int64(Self.progressMilliseconds) * 1_000_000
        let state = self.progress(of: job, seconds: Double(now - start) / 1e9, scannedBefore)
        lastProgress = state
        progress(state)
      }
    }
    if options.isDeterministic { awaitAbandoned() }
    if let failure = job.failure { throw failure }
    if job.outcome == .cancelled {
      awaitCancelled(cancellation) { names in
        guard var told = lastProgress else { return }
        told.silentNodes = names
        progress?(told)
      }
    }
    return try result(of: job)
  }

  /// Carries out what the scheduler has decided. Deliveries come before the start of further tasks: the receiver may have had enough.
  private func performActions(of job: inout RunningJob) {
    for round in 0..<2 {
      if round == 1 { pendingActions += scheduler.dispatch() }
      for action in takeActions() {
        switch action {
        case .run(let task, let node):
          job.started.insert(task)
          start(task, on: node, of: &job)
        case .deliver(let index): deliver(index, of: &job)
        case .finish(let ending): job.outcome = job.outcome ?? ending
        case .cancel, .discard: perform(action)
        }
      }
    }
  }

  private func deliver(_ index: Int, of job: inout RunningJob) {
    let task = job.firstTask + UInt64(index)
    guard let receive = job.receive, job.outcome == nil, job.failure == nil else { return perform(.discard(task: task)) }
    // After a result that is made again, those behind it come once more.
    guard index == job.received, let result = takeResult(task, index: index) else { return }
    chaosStep(at: result.node)
    do throws(Diagnostic) {
      switch try receive(result) {
      case .more:
        job.received += 1
        return
      case .enough: job.received += 1
      case .again:
        scheduler.again(index)
        return
      }
    } catch { job.failure = error }
    pendingActions += scheduler.stop(.stopped)
    job.outcome = .stopped
  }

  private func progress(of job: RunningJob, seconds: Double, _ before: ScanProgress) -> RunProgress {
    let finished = reports.keys.reduce(job.received) { $0 + (scheduler.index(of: $1) != nil ? 1 : 0) }
    return RunProgress(
      totalTasks: job.tasks.count, finishedTasks: finished, seconds: seconds,
      scannedRows: max(0, scanned.rows - before.rows), scannedBytes: max(0, scanned.bytes - before.bytes),
      nodes: handles.values.sorted { $0.index < $1.index }.map {
        RunProgress.Node(name: $0.name, slots: $0.slots, runningTasks: min($0.slots, scheduler.runningTasks(on: $0.index)))
      })
  }

  private func result(of job: RunningJob) throws(Diagnostic) -> JobResult {
    switch job.outcome {
    case .completed, .stopped, nil:
      let results = job.receive == nil ? (0..<job.tasks.count).compactMap { takeResult(job.firstTask + UInt64($0), index: $0) } : []
      return JobResult(results: results, startedTasks: job.started.count, stoppedEarly: job.outcome == .stopped)
    case .cancelled: throw TaskContext.cancellation
    case .failed(let index):
      throw failures.removeValue(forKey: job.firstTask + UInt64(index)) ?? Diagnostic(.taskError, "a task failed without a reason")
    case .killedNodes(let index):
      throw taskKilledNodes(index)
    case .noNodes: throw clusterLost()
    }
  }

  private func taskKilledNodes(_ index: Int) -> Diagnostic {
    let times = "\(Scheduler.killLimit) times"
    if let end = latestEnd, end.category == .environment {
      return Diagnostic(end.code, end.category, "a node ended \(times) with the same task: \(end.message)", notes: end.notes)
    }
    return Diagnostic(
      .taskKilledNode, "a task ended its node \(times) and is not tried again: task \(index)",
      notes: [
        "the last time: \(latestEnd?.message ?? "")", "if memory was short (signal 9), a smaller --block-bytes makes smaller tasks",
      ])
  }

  private func clusterLost() -> Diagnostic {
    let again = "`nodes add` starts a new one"
    guard let reason = startFailure else { return Diagnostic(.clusterLost, "no node is left to run on", notes: [again]) }
    if reason.category == .environment {
      return Diagnostic(reason.code, .environment, "no node can start: \(reason.message)", notes: reason.notes)
    }
    return Diagnostic(.clusterLost, "no node is left to run on", notes: [reason.message] + reason.notes + [again])
  }

  func takeActions() -> [Scheduler.Action] {
    defer { pendingActions = [] }
    return pendingActions
  }

  /// Carries out what needs no job.
  func perform(_ action: Scheduler.Action) {
    switch action {
    case .cancel(let task, let node):
      // It may have answered between the decision and now.
      guard scheduler.isRunning(task, on: node) else { return }
      abandoned[task] = (node, monotonicNanoseconds() + Self.cancelPatienceNanoseconds)
      handles[node]?.send(.cancel([task]))
    case .discard(let task):
      guard let report = reports.removeValue(forKey: task) else { return }
      settle(report.blocks.map(\.block), as: .freed)
    case .run, .deliver, .finish: break
    }
  }

  /// Sends a task to its node, with the addresses of the blocks it reads. One that reads a block that is gone, or is too large to be sent, fails here.
  private func start(_ task: UInt64, on node: NodeIndex, of job: inout RunningJob) {
    guard let handle = handles[node] else { return }
    let made = job.tasks.task(Int(task - job.firstTask))
    do throws(Diagnostic) {
      try WireLimit.check(
        made.payload.count, of: "the description of a task",
        notes: ["the values in a statement are part of it: write large texts and rows to a file, and read that"])
      var locations: [BlockLocation] = []
      for block in made.inputs {
        guard let location = directory.location(of: block) else { throw PeerArenas.lost(block) }
        locations.append(location)
      }
      if !made.inputs.isEmpty { movingTasks.insert(task) }
      handle.send(.runTask(task: task, payload: made.payload, blocks: locations))
      chaosStep(at: node)
    } catch {
      failures[task] = error
      pendingActions += scheduler.taskFailed(task, on: node)
    }
  }

  private func takeResult(_ task: UInt64, index: Int) -> TaskResult? {
    guard let report = reports.removeValue(forKey: task) else { return nil }
    return TaskResult(
      index: index, node: report.node, payload: report.payload, blocks: report.blocks.map(\.block), moved: report.moved,
      mapped: report.mapped,
      seconds: Double(report.nanoseconds) / 1e9)
  }

  // MARK: Answers

  func taskDone(_ report: TaskAnswer, on handle: NodeHandle) {
    guard report.blocks.allSatisfy({ $0.block.node == handle.index && $0.block.epoch == handle.epoch }), report.node == handle.index else {
      handle.process.kill()
      return
    }
    chaosStep(at: handle.index)
    taskAnswered(report.task, on: handle)
    noteEvicted(report.evicted)
    if scheduler.expects(report.task, from: handle.index) {
      directory.insert(report.blocks)
      reports[report.task] = report
    } else if !report.blocks.isEmpty {
      // Nobody wants it, or another node was faster: its blocks were never known to anybody.
      handle.send(.settle(Settlement(freed: report.blocks.map(\.block.id))))
    }
    pendingActions += scheduler.taskDone(report.task, on: handle.index)
  }

  private func taskAnswered(_ task: UInt64, on handle: NodeHandle) {
    movingTasks.remove(task)
    forgetAbandoned { abandonedTask, node in abandonedTask == task && node == handle.index }
  }

  func taskFailed(_ task: UInt64, _ diagnostic: Diagnostic, on handle: NodeHandle) {
    taskAnswered(task, on: handle)
    if scheduler.expects(task, from: handle.index) { failures[task] = diagnostic }
    pendingActions += scheduler.taskFailed(task, on: handle.index)
  }

  /// What a dead node was running runs again, and so does what it had finished if its blocks were still wanted.
  func tasksLost(with handle: NodeHandle) {
    pendingActions += scheduler.nodeLost(handle.index, wasEnded: handle.isEnded)
    for (task, report) in reports.sorted(by: { $0.key < $1.key }) where report.node == handle.index && !report.blocks.isEmpty {
      if scheduler.resultLost(task) { reports[task] = nil }
    }
    forgetAbandoned { _, node in node == handle.index }
  }

  // MARK: Waiting

  private func waitMilliseconds(_ nextProgress: Int64?) -> Int {
    let deadlines = abandoned.values.map(\.deadline) + (nextProgress.map { [$0] } ?? [])
    guard let first = deadlines.min() else { return -1 }
    return max(0, Int((first - monotonicNanoseconds()) / 1_000_000) + 1)
  }

  /// Ends the nodes whose cancelled tasks don't answer.
  private func endImpatiently() {
    let now = monotonicNanoseconds()
    for (_, entry) in abandoned where entry.deadline <= now { handles[entry.node]?.process.kill() }
  }

  /// What nodes count of their tasks' reading, all jobs together; what dead nodes had counted is gone.
  private var scanned: ScanProgress {
    handles.values.filter(\.isReady).compactMap { peers.header(of: $0.index) }
      .reduce(into: ScanProgress(rows: 0, bytes: 0)) { sum, header in
        sum.rows += header.scannedRows
        sum.bytes += header.scannedBytes
      }
  }

  /// Waits until cancelled tasks have answered and freed what they made. Asked a second time, or out of patience, it ends their nodes,
  /// which are replaced.
  private func awaitCancelled(_ cancellation: Int32?, tell: ([String]) -> Void) {
    guard let cancellation else { return }
    var count = EventDescriptor.take(cancellation)
    let start = monotonicNanoseconds()
    while !abandoned.isEmpty {
      if count > 1 { for (_, entry) in abandoned { handles[entry.node]?.process.kill() } }
      let next = monotonicNanoseconds() + Int64(Self.progressMilliseconds) * 1_000_000
      if wait(milliseconds: waitMilliseconds(next), interruption: cancellation) { count += EventDescriptor.take(cancellation) }
      if monotonicNanoseconds() - start > Self.silenceNanoseconds {
        tell(Set(abandoned.values.map(\.node)).sorted().compactMap { handles[$0]?.name })
      }
      endImpatiently()
      for action in takeActions() { perform(action) }
    }
  }

  /// The end of a statement: waits until cancelled tasks that may move something have answered; a further wish to cancel ends that.
  func awaitMovements() {
    awaitAbandoned { movingTasks.contains($0) }
    movingTasks = []
    chaos?.statementEnded()
  }

  /// Waits until cancelled tasks have answered, so that they can't count anything later.
  private func awaitAbandoned(where matters: (UInt64) -> Bool = { _ in true }) {
    while abandoned.keys.contains(where: matters) {
      if wait(milliseconds: waitMilliseconds(nil), interruption: cancellation) { return }
      endImpatiently()
      for action in takeActions() { perform(action) }
    }
  }
}
