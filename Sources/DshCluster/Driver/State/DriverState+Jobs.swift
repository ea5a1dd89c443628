// Jobs of node processes: tasks become messages, and answers results.
import DshBackend
import DshColumns
import DshDiagnostics
import DshStore

extension DriverState: JobDriver {
  /// Begins a job; ask for its steps then.
  ///
  /// - Parameter blocksMayBeSpilled: whether what its tasks make may be on disk alone.
  mutating func beginJob(_ wanted: Scheduler.Job, blocksMayBeSpilled: Bool, now: Int64) {
    beginJob(wanted, now: now)
    job?.blocksMayBeSpilled = blocksMayBeSpilled
  }

  mutating func willDeliver(_ result: TaskResult, now: Int64) { misfortune(at: result.node, now: now) }

  func blame(_ index: Int) -> Diagnostic { deaths.blame(index) }
  var clusterLost: Diagnostic { deaths.clusterLost }

  /// How far the job is.
  func progress(seconds: Double, scannedRows: Int, scannedBytes: Int) -> RunProgress {
    RunProgress(
      totalTasks: job?.count ?? 0, finishedTasks: job.map { $0.received + $0.answers.count } ?? 0, seconds: seconds,
      scannedRows: scannedRows, scannedBytes: scannedBytes,
      nodes: membership.indexes.map { node in
        let slots = membership[node]?.slots ?? 0
        return RunProgress.Node(name: nodeName(node), slots: slots, runningTasks: min(slots, scheduler.runningTasks(on: node)))
      })
  }

  // MARK: Tasks

  /// Sends a task to its node, with the addresses of the blocks it reads. One that reads a block that is gone, or is too large to be sent, fails here.
  mutating func taskMade(_ task: UInt64, _ made: TaskSet.Task, on node: NodeIndex, now: Int64) {
    do throws(Diagnostic) {
      try WireLimit.check(
        made.payload.count, of: "the description of a task",
        notes: ["the values in a statement are part of it: write large texts and rows to a file, and read that"])
      var locations: [BlockLocation] = []
      for block in made.inputs {
        guard let location = directory.location(of: block) else { throw PeerArenas.lost(block) }
        locations.append(location)
      }
      if !made.inputs.isEmpty { abandoned.reads(task, on: node) }
      spilling.taskSent(task, reading: made.inputs.map(\.id), on: node)
      act(.send(.runTask(task: task, payload: made.payload, blocks: locations), to: node))
      misfortune(at: node, now: now)
    } catch {
      job?.failures[task] = error
      take(scheduler.taskFailed(task, on: node), now: now)
    }
  }

  mutating func taskDone(_ answer: TaskAnswer, on node: NodeIndex, now: Int64) {
    let isOwn = answer.blocks.allSatisfy { $0.block.node == node && membership.isCurrent(node, $0.block.epoch) }
    // A node that talks nonsense is treated like one that died.
    guard isOwn, answer.node == node else { return act(.kill(node)) }
    misfortune(at: node, now: now)
    taskAnswered(answer.task, by: node)
    blocksEvicted(answer.evicted)
    if scheduler.expects(answer.task, from: node) {
      blocksMade(answer.blocks, mayBeSpilled: job?.blocksMayBeSpilled ?? false)
      job?.answers[answer.task] = answer
    } else if !answer.blocks.isEmpty {
      // Nobody wants it, or another node was faster: its blocks were never known to anybody.
      act(.send(.settle(Settlement(freed: answer.blocks.map(\.block.id))), to: node))
    }
    take(scheduler.taskDone(answer.task, on: node, nanoseconds: answer.nanoseconds), now: now)
  }

  mutating func taskFailed(_ task: UInt64, _ diagnostic: Diagnostic, on node: NodeIndex, now: Int64) {
    let isCrowdedOut = diagnostic.code == .storeFull && makesRoomWithout(task, on: node)
    taskAnswered(task, by: node)
    if isCrowdedOut, scheduler.taskCrowdedOut(task, on: node) { return }
    let told = diagnostic.code == .storeFull ? explained(diagnostic) : diagnostic
    if scheduler.expects(task, from: node) { job?.failures[task] = told }
    take(scheduler.taskFailed(task, on: node), now: now)
  }

  /// A store that is full, with the reason why blocks did not go to disk instead.
  private func explained(_ full: Diagnostic) -> Diagnostic {
    guard let spillFailure else { return full }
    var told = full
    told.notes.insert("blocks can't go to disk: \(spillFailure.message)", at: min(1, told.notes.count))
    told.notes += spillFailure.notes
    return told
  }

  /// What a dead node was running runs again, and so does what it had finished if its blocks were still wanted.
  ///
  /// - Returns: how many tasks that are.
  mutating func tasksLost(on node: NodeIndex, wasEnded: Bool, now: Int64) -> Int {
    _ = job?.withdraw(from: node)
    let running = scheduler.nodes[node]?.running ?? []
    take(scheduler.nodeLost(node, wasEnded: wasEnded), now: now)
    var again = running.count { scheduler.isWaiting($0) }
    let answers = job?.answers ?? [:]
    for (task, answer) in answers.sorted(by: { $0.key < $1.key }) where answer.node == node && !answer.blocks.isEmpty {
      if scheduler.resultLost(task) {
        job?.answers[task] = nil
        again += 1
      }
    }
    abandoned.nodeEnded(node)
    sendDeferred()
    return again
  }

  // MARK: Cancelled tasks

  /// Ends the nodes whose cancelled tasks have not answered.
  mutating func endAbandoned() {
    for node in abandoned.nodes { act(.kill(node)) }
  }

  private mutating func taskAnswered(_ task: UInt64, by node: NodeIndex) {
    abandoned.answered(task, by: node)
    perform(spilling.taskAnswered(task, on: node))
    sendDeferred()
  }

  mutating func stop(_ task: UInt64, on node: NodeIndex, now: Int64) {
    // It may have answered between the decision and now.
    guard scheduler.isRunning(task, on: node) else { return }
    // One that was slower than another moves nothing that anybody waits for.
    abandoned.cancelled(task, on: node, isSlower: job?.answers[task] != nil, now: now)
    act(.send(.cancel([task]), to: node))
  }
}
