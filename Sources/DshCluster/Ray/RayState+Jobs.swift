// Jobs on Ray: the scheduler says which task goes where; what it reads of other nodes is cut there before.

import DshBackend
import DshColumns
import DshDiagnostics
import DshStore
import DshTasks

extension RayState {
  mutating func takeTaskNumber() -> UInt64 { scheduler.takeTaskNumber() }

  /// Begins a job; ask for its steps then. A slow task gets no second node: what is slow on Ray is Ray's to know.
  mutating func beginJob(_ set: TaskSet) {
    let (firstTask, decisions) = scheduler.begin(
      Scheduler.Job(count: set.count, preferred: set.preferredNode, window: set.window, mayBeCopied: false))
    job = RunningJob(firstTask: firstTask, count: set.count)
    take(decisions)
  }

  /// What the job needs next. Deliveries come before the start of further tasks: the receiver may have had enough.
  mutating func nextStep(now: Int64) -> JobStep {
    while job != nil {
      switch job?.takeStep() {
      case .make(let task, let node)?: return .make(index: job?.index(of: task) ?? 0, task: task, on: node)
      case .deliver(let index)?:
        if job?.outcome != nil {
          if let task = job?.task(index) { discard(task) }
        } else if let result = job?.takeResult(index, ranTwice: scheduler.wasCopied(index)) {
          return .deliver(result)
        }
      case .finish(let outcome)?: job?.ended(outcome)
      case nil:
        if job?.outcome != nil { return .ended }
        let decisions = scheduler.dispatch(now: now)
        if decisions.isEmpty { return .wait }
        take(decisions)
      }
    }
    return .ended
  }

  mutating func cancelJob() { take(scheduler.stop(.cancelled)) }

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
    case .killedNodes: throw Diagnostic(.taskKilledNode, "a task was running each time that its node ended")
    case .noNodes: throw Diagnostic(.clusterLost, "Ray has no node left that runs tasks")
    }
  }

  func progress(seconds: Double) -> RunProgress {
    RunProgress(
      totalTasks: job?.count ?? 0, finishedTasks: job.map { $0.received + $0.answers.count } ?? 0, seconds: seconds,
      nodes: nodes.takers.map { node in
        let slots = nodes[node]?.slots ?? 0
        return RunProgress.Node(name: nodeName(node), slots: slots, runningTasks: min(slots, scheduler.runningTasks(on: node)))
      })
  }

  // MARK: Tasks

  /// Sends a task to its node, with what it reads. One that reads a block that is gone fails here.
  ///
  /// - Parameter memoryBytes: what its operators may hold.
  mutating func taskMade(_ task: UInt64, _ made: TaskSet.Task, isRetriable: Bool, memoryBytes: Int, on node: NodeIndex) {
    do throws(Diagnostic) {
      try WireLimit.check(
        made.payload.count, of: "the description of a task",
        notes: ["the values in a statement are part of it: write large texts and rows to a file, and read that"])
      let inputs = try RayInputs(made, on: node, blocks, nodes)
      let request = LibraryRequest.run(
        TaskRequest(task: task, node: nodeName(node), memoryBytes: memoryBytes, spec: made.payload, inputs: inputs.given))
      tasks[task] = RayTask(node: node, inputs: made.inputs)
      send(
        .run(
          task: task, block: BlockID(task: task, ordinal: 0), node: nodes.id(of: node), isRetriable: isRetriable,
          request: request.encoded(), inputs: inputs.sent))
    } catch {
      job?.failures[task] = error
      take(scheduler.taskFailed(task, on: node))
    }
  }

  mutating func taskDone(_ answer: RayAnswer, now: Int64) {
    guard let sent = tasks.removeValue(forKey: answer.task) else { return }
    let ranOn = nodes.index(of: answer.node)
    for movement in answer.moved where !sent.isCancelled { countMoved(movement.byteCount, from: nodes.index(of: movement.from), to: ranOn) }
    let block = BlockID(task: answer.task, ordinal: 0)
    do {
      switch try LibraryOutcome(decoding: answer.outcome) {
      case .done(let report, let bytes, let nanoseconds):
        var made: [BlockLocation] = []
        if let bytes {
          // A small one lies in the memory of the driver: it has come to the head by being made.
          if answer.isInline, !sent.isCancelled { countMoved(answer.blockBytes ?? bytes.byteCount, from: ranOn, to: 0) }
          let reference = BlockRef(
            id: block, node: answer.isInline ? 0 : ranOn, epoch: 0, byteCount: bytes.byteCount, rows: bytes.rows)
          made = [BlockLocation(reference, .memory(offset: 0))]
        }
        guard scheduler.expects(answer.task, from: sent.node) else {
          if !made.isEmpty { release([block]) }
          return take(scheduler.taskFailed(answer.task, on: sent.node))
        }
        for location in made { blocks.insert(location.block) }
        job?.answers[answer.task] = TaskAnswer(
          task: answer.task, node: ranOn, payload: report, blocks: made,
          moved: answer.moved.map { MovedBytes(from: nodes.index(of: $0.from), byteCount: $0.byteCount) }, mapped: [], evicted: [],
          nanoseconds: nanoseconds)
        take(scheduler.taskDone(answer.task, on: sent.node, nanoseconds: Int64(answer.seconds * 1e9)))
      case .failed(let diagnostic, _):
        // What it was to read is not there any more: whoever asked makes it again.
        if diagnostic.code == .blockLost { forget(sent.inputs.map(\.id)) }
        fail(answer.task, on: sent.node, nodes.located(diagnostic, on: ranOn))
      case .inspected: fail(answer.task, on: sent.node, Diagnostic(.badReport, "a task answers something that it was not asked"))
      }
    } catch {
      fail(answer.task, on: sent.node, Diagnostic(.badReport, "the outcome of a task can't be read: \(error)"))
    }
  }

  mutating func taskFailed(_ task: UInt64, _ failure: BridgeFailure, _ text: String, now: Int64) {
    guard let sent = tasks.removeValue(forKey: task) else { return }
    if case .lost = failure { forget(sent.inputs.map(\.id)) }
    fail(task, on: sent.node, failure.diagnostic(text))
  }

  private mutating func fail(_ task: UInt64, on node: NodeIndex, _ diagnostic: Diagnostic) {
    release([BlockID(task: task, ordinal: 0)])
    if scheduler.expects(task, from: node) { job?.failures[task] = diagnostic }
    take(scheduler.taskFailed(task, on: node))
  }

  // MARK: Results

  mutating func resultReceived(_ said: Continuation) {
    switch said {
    case .more: job?.resultReceived()
    case .enough:
      job?.resultReceived()
      stopJob()
    case .again:
      settle(job?.receiving ?? [], as: .freed)
      scheduler.again(job?.received ?? 0)
    }
  }

  mutating func receiverFailed(_ diagnostic: Diagnostic) {
    job?.receiverFailed(diagnostic)
    stopJob()
  }

  private mutating func stopJob() {
    take(scheduler.stop(.stopped))
    job?.ended(.stopped)
  }

  mutating func settle(_ settled: [BlockRef], as retention: BlockState.Retention) { release(blocks.settle(settled, as: retention)) }

  private mutating func discard(_ task: UInt64) {
    guard let answer = job?.answers.removeValue(forKey: task) else { return }
    settle(answer.blocks.map(\.block), as: .freed)
  }

  private mutating func cancel(_ task: UInt64, on node: NodeIndex) {
    if job?.withdraw(task, from: node) == true { return take(scheduler.taskFailed(task, on: node)) }
    // It may have answered between the decision and now.
    guard tasks[task] != nil else { return }
    tasks[task]?.isCancelled = true
    send(.cancel(task: task))
  }

  /// Carries out what the scheduler has decided, or puts it among the steps of the job.
  private mutating func take(_ decisions: [Scheduler.Action]) {
    for decision in decisions {
      switch decision {
      case .cancel(let task, let node): cancel(task, on: node)
      case .discard(let task): discard(task)
      case .run(let task, let node): job?.append(.make(task: task, on: node))
      case .deliver(let index): job?.append(.deliver(index: index))
      case .finish(let outcome): job?.append(.finish(outcome))
      }
    }
  }
}
