// Jobs on Ray: the scheduler says which task goes where; what it reads of other nodes is cut there before.

import DshBackend
import DshColumns
import DshDiagnostics
import DshStore
import DshTasks

extension RayState: JobDriver {
  func blame(_ index: Int) -> Diagnostic { Diagnostic(.taskKilledNode, "a task was running each time that its node ended") }
  var clusterLost: Diagnostic { Diagnostic(.clusterLost, "Ray has no node left that runs tasks") }

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
  mutating func taskMade(_ task: UInt64, _ made: TaskSet.Task, isRetriable: Bool, memoryBytes: Int, on node: NodeIndex, now: Int64) {
    do throws(Diagnostic) {
      try WireLimit.check(
        made.payload.count, of: "the description of a task",
        notes: ["the values in a statement are part of it: write large texts and rows to a file, and read that"])
      let inputs = try RayInputs(made, on: node, blocks, nodes)
      let request = LibraryRequest.run(
        TaskRequest(
          task: task, node: nodeName(node), isElsewhere: nodes.isElsewhere(node), memoryBytes: memoryBytes, spec: made.payload,
          inputs: inputs.given))
      tasks[task] = RayTask(node: node, inputs: made.inputs)
      send(
        .run(
          task: task, block: BlockID(task: task, ordinal: 0), node: nodes.id(of: node), isRetriable: isRetriable,
          request: request.encoded(), inputs: inputs.sent))
    } catch {
      job?.failures[task] = error
      take(scheduler.taskFailed(task, on: node), now: now)
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
          return take(scheduler.taskFailed(answer.task, on: sent.node), now: now)
        }
        for location in made { blocks.insert(location.block) }
        job?.answers[answer.task] = TaskAnswer(
          task: answer.task, node: ranOn, payload: report, blocks: made,
          moved: answer.moved.map { MovedBytes(from: nodes.index(of: $0.from), byteCount: $0.byteCount) }, mapped: [], evicted: [],
          nanoseconds: nanoseconds)
        take(scheduler.taskDone(answer.task, on: sent.node, nanoseconds: Int64(answer.seconds * 1e9)), now: now)
      case .failed(let diagnostic, _):
        // What it was to read is not there any more: whoever asked makes it again.
        if diagnostic.code == .blockLost { forget(sent.inputs.map(\.id)) }
        fail(answer.task, on: sent.node, nodes.located(diagnostic, on: ranOn), now: now)
      case .inspected: fail(answer.task, on: sent.node, Diagnostic(.badReport, "a task answers something that it was not asked"), now: now)
      }
    } catch {
      fail(answer.task, on: sent.node, Diagnostic(.badReport, "the outcome of a task can't be read: \(error)"), now: now)
    }
  }

  mutating func taskFailed(_ task: UInt64, _ failure: BridgeFailure, _ text: String, now: Int64) {
    guard let sent = tasks.removeValue(forKey: task) else { return }
    if case .lost = failure { forget(sent.inputs.map(\.id)) }
    fail(task, on: sent.node, failure.diagnostic(text), now: now)
  }

  private mutating func fail(_ task: UInt64, on node: NodeIndex, _ diagnostic: Diagnostic, now: Int64) {
    release([BlockID(task: task, ordinal: 0)])
    if scheduler.expects(task, from: node) { job?.failures[task] = diagnostic }
    take(scheduler.taskFailed(task, on: node), now: now)
  }

  // MARK: Results

  mutating func settle(_ settled: [BlockRef], as retention: BlockState.Retention) { release(blocks.settle(settled, as: retention)) }

  mutating func drop(_ blocks: [BlockRef]) { settle(blocks, as: .freed) }

  mutating func stop(_ task: UInt64, on node: NodeIndex, now: Int64) {
    // It may have answered between the decision and now.
    guard tasks[task] != nil else { return }
    tasks[task]?.isCancelled = true
    send(.cancel(task: task))
  }
}
