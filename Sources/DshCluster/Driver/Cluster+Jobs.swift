// Running jobs: asks the state for one step after another, and waits in between.
import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshStore
import DshSystem

extension Cluster {
  /// A node that has not answered after this is named while it is waited for.
  static let silenceNanoseconds: Int64 = 200_000_000
  /// How often progress is told.
  static let progressMilliseconds = 100

  /// Runs tasks to the end and waits for them. `cancellation` ends it early.
  ///
  /// - Parameters:
  ///   - receive: gets the results one by one, in order of the tasks, as soon as that is possible. The blocks of a received result are the
  ///     receiver's to settle, whatever happens later.
  ///   - progress: called about every 100 ms.
  /// - Throws: `message-too-large`; the failure of the first task, in order, that failed; `cancelled`; `task-killed-node`; `cluster-lost`; what `receive` throws.
  ///   All blocks of results that were not received are freed then.
  public func run(
    _ set: TaskSet, receive: (TaskResult) throws(Diagnostic) -> Continuation, progress: ((RunProgress) -> Void)? = nil
  ) throws(Diagnostic) {
    while state.isPuttingAway, !wait(milliseconds: -1, interruption: cancellation) {}
    state.beginJob(
      Scheduler.Job(count: set.count, preferred: set.preferredNode, window: set.window, mayBeCopied: set.mayBeCopied),
      blocksMayBeSpilled: set.blocksMayBeSpilled,
      now: monotonicNanoseconds())
    var meter = progress.map { ProgressMeter(tell: $0, start: monotonicNanoseconds(), scannedBefore: scanned) }
    steps: while true {
      let step = state.nextStep(now: monotonicNanoseconds())
      perform()
      switch step {
      case .make(let index, let task, let node): state.taskMade(task, set.task(index), on: node, now: monotonicNanoseconds())
      case .deliver(let result): deliver(result, to: receive)
      case .wait:
        if wait(milliseconds: meter?.waitMilliseconds ?? -1, interruption: cancellation) { state.cancelJob(now: monotonicNanoseconds()) }
        meter?.look(self)
      case .ended: break steps
      }
      perform()
    }
    if options.isDeterministic { awaitAbandoned { !$0.isEmpty } }
    if case .cancelled = state.job?.outcome, state.job?.failure == nil { awaitCancelled { meter?.tellSilent($0) } }
    try state.endJob()
  }

  private func deliver(_ result: TaskResult, to receive: (TaskResult) throws(Diagnostic) -> Continuation) {
    do throws(Diagnostic) { state.resultReceived(try receive(result), now: monotonicNanoseconds()) } catch {
      state.receiverFailed(error, now: monotonicNanoseconds())
    }
  }

  /// Tells the progress of a job now and then.
  private struct ProgressMeter {
    let tell: (RunProgress) -> Void
    let start: Int64
    let scannedBefore: ScanProgress
    private var next: Int64
    private var last: RunProgress?

    init(tell: @escaping (RunProgress) -> Void, start: Int64, scannedBefore: ScanProgress) {
      (self.tell, self.start, self.scannedBefore, next) = (tell, start, scannedBefore, start)
    }

    var waitMilliseconds: Int { max(0, Int((next - monotonicNanoseconds()) / 1_000_000) + 1) }

    mutating func look(_ cluster: Cluster) {
      let now = monotonicNanoseconds()
      guard now >= next else { return }
      next = now + Int64(Cluster.progressMilliseconds) * 1_000_000
      let scanned = cluster.scanned
      let progress = cluster.state.progress(
        seconds: Double(now - start) / 1e9, scannedRows: max(0, scanned.rows - scannedBefore.rows),
        scannedBytes: max(0, scanned.bytes - scannedBefore.bytes))
      last = progress
      tell(progress)
    }

    /// Once more what was told last, with the nodes that a cancelled job waits for.
    func tellSilent(_ names: [String]) {
      guard var told = last else { return }
      told.silentNodes = names
      tell(told)
    }
  }

  /// What nodes count of their tasks' reading, all jobs together; what dead nodes had counted is gone.
  private var scanned: ScanProgress {
    handles.values.filter { $0.arena != nil }.compactMap { peers.header(of: $0.index) }
      .reduce(into: ScanProgress(rows: 0, bytes: 0)) { sum, header in
        sum.rows += header.scannedRows
        sum.bytes += header.scannedBytes
      }
  }

  // MARK: Cancelled tasks

  /// Waits until cancelled tasks have answered and freed what they made. Asked a second time, or out of patience, it ends their nodes,
  /// which are replaced.
  private func awaitCancelled(tell: ([String]) -> Void) {
    guard let cancellation else { return }
    var count = EventDescriptor.take(cancellation)
    let start = monotonicNanoseconds()
    while !state.abandoned.isEmpty {
      if count > 1 {
        state.endAbandoned()
        perform()
      }
      if wait(milliseconds: Self.progressMilliseconds, interruption: cancellation) { count += EventDescriptor.take(cancellation) }
      if monotonicNanoseconds() - start > Self.silenceNanoseconds { tell(state.abandoned.nodes.map(nodeName)) }
    }
  }

  /// The end of a statement: waits until cancelled tasks that may move something have answered; a further wish to cancel ends that.
  func awaitMovements() {
    awaitAbandoned(where: \.mayMove)
    state.statementEnded()
  }

  /// Waits until cancelled tasks have answered, so that they can't count anything later.
  private func awaitAbandoned(where matters: (AbandonedTasks) -> Bool) {
    while matters(state.abandoned) {
      if wait(milliseconds: -1, interruption: cancellation) { return }
    }
  }
}
