// What every driver does with a job: the scheduler decides, steps are handed to whoever runs the job, and its outcome is told.

import DshColumns
import DshDiagnostics
import DshStore

/// A driver of jobs, one at a time. What differs from driver to driver is asked of it: how a task is stopped, how blocks are freed, whom it blames.
protocol JobDriver {
  var scheduler: Scheduler { get set }
  /// The job under way, until its outcome has been told.
  var job: RunningJob? { get set }

  /// A result is about to be handed to the receiver.
  mutating func willDeliver(_ result: TaskResult, now: Int64)
  /// Stops a task that a node may be running.
  mutating func stop(_ task: UInt64, on node: NodeIndex, now: Int64)
  /// Frees blocks of results that nobody receives.
  mutating func drop(_ blocks: [BlockRef])
  /// Why the task of an index is not tried on a further node.
  func blame(_ index: Int) -> Diagnostic
  /// Why no node is left.
  var clusterLost: Diagnostic { get }
}

extension JobDriver {
  mutating func willDeliver(_ result: TaskResult, now: Int64) {}

  mutating func takeTaskNumber() -> UInt64 { scheduler.takeTaskNumber() }

  /// Begins a job; ask for its steps then.
  mutating func beginJob(_ wanted: Scheduler.Job, now: Int64) {
    let (firstTask, decisions) = scheduler.begin(wanted)
    job = RunningJob(firstTask: firstTask, count: wanted.count)
    take(decisions, now: now)
  }

  /// What the job needs next. Deliveries come before the start of further tasks: the receiver may have had enough.
  mutating func nextStep(now: Int64) -> JobStep {
    while job != nil {
      switch job?.takeStep() {
      case .make(let task, let node)?: return .make(index: job?.index(of: task) ?? 0, task: task, on: node)
      case .deliver(let index)?:
        let ranTwice = scheduler.wasCopied(index)
        if job?.outcome != nil {
          if let task = job?.task(index) { discard(task) }
        } else if let result = job?.takeResult(index, ranTwice: ranTwice) {
          willDeliver(result, now: now)
          return .deliver(result)
        }
      case .finish(let outcome)?: job?.ended(outcome)
      case nil:
        if job?.outcome != nil { return .ended }
        let decisions = scheduler.dispatch(now: now)
        if decisions.isEmpty { return .wait }
        take(decisions, now: now)
      }
    }
    return .ended
  }

  /// Ends the job early; its steps lead to its outcome.
  mutating func cancelJob(now: Int64) { take(scheduler.stop(.cancelled), now: now) }

  /// Forgets a job that has ended.
  ///
  /// - Throws: the failure of the first task, in order, that failed; `cancelled`; `task-killed-node`; `cluster-lost`; what the receiver threw.
  mutating func endJob() throws(Diagnostic) {
    defer { job = nil }
    if let failure = job?.failure { throw failure }
    switch job?.outcome {
    case .completed, .stopped, nil: return
    case .cancelled: throw TaskContext.cancellation
    case .failed(let index):
      throw job.flatMap { $0.failures[$0.task(index)] } ?? Diagnostic(.taskError, "a task failed without a reason")
    case .killedNodes(let index): throw blame(index)
    case .noNodes: throw clusterLost
    }
  }

  // MARK: Results

  /// The receiver was given the result that was to be delivered.
  mutating func resultReceived(_ said: Continuation, now: Int64) {
    switch said {
    case .more: job?.resultReceived()
    case .enough:
      job?.resultReceived()
      stopJob(now: now)
    case .again:
      drop(job?.receiving ?? [])
      scheduler.again(job?.received ?? 0)
    }
  }

  /// The receiver can't go on.
  mutating func receiverFailed(_ diagnostic: Diagnostic, now: Int64) {
    job?.receiverFailed(diagnostic)
    stopJob(now: now)
  }

  private mutating func stopJob(now: Int64) {
    take(scheduler.stop(.stopped), now: now)
    job?.ended(.stopped)
  }

  private mutating func discard(_ task: UInt64) {
    guard let answer = job?.answers.removeValue(forKey: task) else { return }
    drop(answer.blocks.map(\.block))
  }

  // MARK: Decisions

  /// Carries out what the scheduler has decided, or puts it among the steps of the job.
  mutating func take(_ decisions: [Scheduler.Action], now: Int64) {
    for decision in decisions {
      switch decision {
      case .cancel(let task, let node): cancel(task, on: node, now: now)
      case .discard(let task): discard(task)
      case .run(let task, let node): job?.append(.make(task: task, on: node))
      case .deliver(let index): job?.append(.deliver(index: index))
      case .finish(let outcome): job?.append(.finish(outcome))
      }
    }
  }

  private mutating func cancel(_ task: UInt64, on node: NodeIndex, now: Int64) {
    if job?.withdraw(task, from: node) == true { return take(scheduler.taskFailed(task, on: node), now: now) }
    stop(task, on: node, now: now)
  }
}
