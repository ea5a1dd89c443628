// Running jobs: carries out what the scheduler decides.
import DshDiagnostics
import DshStore
import DshSystem

extension Cluster {
  /// A cancelled task that doesn't answer for so long is ended with its node, which is replaced.
  static let cancelPatienceNanoseconds: Int64 = 2_000_000_000
  /// A node that has not answered after this is named while it is waited for.
  static let silenceNanoseconds: Int64 = 200_000_000
  /// How often progress is told.
  static let progressMilliseconds = 100

  /// Runs tasks to the end and waits for them.
  ///
  /// - Parameters:
  ///   - cancellation: a descriptor that gets readable when the job shall be cancelled; it is not read.
  ///   - receive: gets the results one by one, in order of the tasks, as soon as that is possible. The blocks of a received result are the
  ///     receiver's to settle, whatever happens later.
  ///   - progress: called about every 100 ms.
  /// - Throws: the failure of the first task, in order, that failed; `cancelled`; `task-killed-node`; `cluster-lost`; what `receive` throws.
  ///   All blocks of results that were not received are freed then.
  public func run(
    _ set: TaskSet, cancellation: Int32? = nil, receive: ((TaskResult) throws(Diagnostic) -> Continuation)? = nil,
    progress: ((JobProgress) -> Void)? = nil
  ) throws(Diagnostic) -> JobResult {
    let (firstTask, actions) = scheduler.begin(
      Scheduler.Job(preferred: set.tasks.map(\.preferredNode), window: set.window, delivers: receive != nil))
    pendingActions += actions
    let start = monotonicNanoseconds()
    var started: Set<UInt64> = []
    var outcome: Scheduler.Outcome?
    var failure: Diagnostic?
    var received = 0
    var nextProgress = start
    var lastProgress: JobProgress?
    let scannedBefore = progress == nil ? ScanProgress(rows: 0, bytes: 0) : scanned

    while true {
      // Deliveries come before the start of further tasks: the receiver may have had enough.
      for round in 0..<2 {
        if round == 1 { pendingActions += scheduler.dispatch() }
        for action in takeActions() {
          switch action {
          case .run(let task, let node):
            started.insert(task)
            send(task, set.tasks[Int(task - firstTask)].payload, to: node)
          case .deliver(let index):
            let task = firstTask + UInt64(index)
            guard let receive, outcome == nil, failure == nil, let result = takeResult(task, index: index) else {
              perform(.discard(task: task))
              continue
            }
            received += 1
            do throws(Diagnostic) {
              if try receive(result) == .more { continue }
            } catch { failure = error }
            pendingActions += scheduler.stop(.stopped)
            outcome = .stopped
          case .finish(let ending): outcome = outcome ?? ending
          case .cancel, .discard: perform(action)
          }
        }
      }
      if outcome != nil && pendingActions.isEmpty { break }
      if !pendingActions.isEmpty { continue }

      let isCancelled = wait(milliseconds: waitMilliseconds(progress == nil ? nil : nextProgress), interruption: cancellation)
      if isCancelled { pendingActions += scheduler.stop(.cancelled) }
      endImpatiently()
      let now = monotonicNanoseconds()
      if let progress, now >= nextProgress {
        nextProgress = now + Int64(Self.progressMilliseconds) * 1_000_000
        let finished = reports.keys.reduce(received) { $0 + (scheduler.index(of: $1) != nil ? 1 : 0) }
        lastProgress = JobProgress(
          totalTasks: set.tasks.count, finishedTasks: finished, runningTasks: scheduler.runningTasks, seconds: Double(now - start) / 1e9,
          scannedRows: max(0, scanned.rows - scannedBefore.rows), scannedBytes: max(0, scanned.bytes - scannedBefore.bytes),
          nodes: handles.values.sorted { $0.index < $1.index }.map {
            NodeProgress(name: $0.name, slots: $0.slots, runningTasks: min($0.slots, scheduler.runningTasks(on: $0.index)))
          })
        if let lastProgress { progress(lastProgress) }
      }
    }

    if options.isDeterministic { awaitAbandoned() }
    if let failure { throw failure }
    switch outcome {
    case .completed, .stopped, nil:
      let results = receive == nil ? set.tasks.indices.compactMap { takeResult(firstTask + UInt64($0), index: $0) } : []
      return JobResult(results: results, startedTasks: started.count, stoppedEarly: outcome == .stopped)
    case .cancelled:
      awaitCancelled(cancellation) { if let lastProgress { progress?(lastProgress.silent($0)) } }
      throw TaskContext.cancellation
    case .failed(let index):
      throw failures.removeValue(forKey: firstTask + UInt64(index)) ?? Diagnostic("task-error", .bug, "a task failed without a reason")
    case .killedNodes(let index):
      throw Diagnostic(
        "task-killed-node", .cluster, "a task ended its node \(Scheduler.killLimit) times and is not tried again: task \(index)",
        notes: ["the last time: \(latestEnding)", "if memory was short (signal 9), a smaller --block-bytes makes smaller tasks"])
    case .noNodes: throw clusterLost()
    }
  }

  private func clusterLost() -> Diagnostic {
    Diagnostic(
      "cluster-lost", .cluster, "no node is left to run on",
      notes: startFailure.map { ["\($0.message)"] + $0.notes } ?? ["`nodes add` starts a new one"])
  }

  func takeActions() -> [Scheduler.Action] {
    defer { pendingActions = [] }
    return pendingActions
  }

  /// Carries out what needs no job.
  func perform(_ action: Scheduler.Action) {
    switch action {
    case .cancel(let task, let node):
      abandoned[task] = (node, monotonicNanoseconds() + Self.cancelPatienceNanoseconds)
      handles[node]?.send(.cancel([task]))
    case .discard(let task):
      guard let report = reports.removeValue(forKey: task) else { return }
      settle(report.blocks, as: .freed)
    case .run, .deliver, .finish: break
    }
  }

  private func send(_ task: UInt64, _ payload: [UInt8], to node: NodeIndex) {
    handles[node]?.send(.runTask(task: task, payload: payload))
  }

  private func takeResult(_ task: UInt64, index: Int) -> TaskResult? {
    guard let report = reports.removeValue(forKey: task) else { return nil }
    return TaskResult(
      index: index, node: report.node, payload: report.payload, blocks: report.blocks, moved: report.moved, mapped: report.mapped,
      seconds: Double(report.nanoseconds) / 1e9)
  }

  // MARK: Answers

  func taskDone(_ report: TaskAnswer, on handle: NodeHandle) {
    guard report.blocks.allSatisfy({ $0.node == handle.index && $0.epoch == handle.epoch }), report.node == handle.index else {
      handle.process.kill()
      return
    }
    forgetAbandoned { task, _ in task == report.task }
    noteEvicted(report.evicted)
    directory.insert(report.blocks)
    reports[report.task] = report
    pendingActions += scheduler.taskDone(report.task, on: handle.index)
  }

  func taskFailed(_ task: UInt64, _ diagnostic: Diagnostic, on handle: NodeHandle) {
    forgetAbandoned { abandonedTask, _ in abandonedTask == task }
    if scheduler.index(of: task) != nil { failures[task] = diagnostic }
    pendingActions += scheduler.taskFailed(task, on: handle.index)
  }

  /// What a dead node was running runs again, and so does what it had finished if its blocks were still wanted.
  func tasksLost(with handle: NodeHandle) {
    pendingActions += scheduler.nodeLost(handle.index)
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

  /// Waits until cancelled tasks have answered, so that they can't count anything later.
  private func awaitAbandoned() {
    while !abandoned.isEmpty {
      wait(milliseconds: waitMilliseconds(nil))
      endImpatiently()
      for action in takeActions() { perform(action) }
    }
  }
}
