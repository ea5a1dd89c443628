// Ray as whoever runs stages sees it: tasks, and what becomes of blocks.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshStore
import DshSystem
import DshTasks

extension RayCluster: TaskCluster {
  /// How often progress is told.
  private static let progressMilliseconds = 100

  var slots: Int { max(1, state.nodes.slots) }
  var taskMemoryBytes: Int { state.nodes.taskMemoryBytes ?? options.assumedTaskBytes }
  var takers: [NodeIndex] { state.nodes.takers }
  var deaths: [String] { state.deaths }

  func located(_ failure: Diagnostic, on node: NodeIndex) -> Diagnostic { state.nodes.located(failure, on: node) }

  func run(
    _ set: TaskSet, receive: (TaskResult) throws(Diagnostic) -> Continuation, progress: ((RunProgress) -> Void)?
  ) throws(Diagnostic) {
    try awaitStart()
    let start = monotonicNanoseconds()
    // A slow task gets no second node: what is slow on Ray is Ray's to know.
    state.beginJob(
      Scheduler.Job(count: set.count, preferred: set.preferredNode, window: set.window, mayBeCopied: false), now: start)
    var next = start
    steps: while true {
      let now = monotonicNanoseconds()
      let step = state.nextStep(now: now)
      perform()
      switch step {
      case .make(let index, let task, let node):
        state.taskMade(task, set.task(index), isRetriable: set.mayBeCopied, memoryBytes: taskMemoryBytes, on: node, now: now)
      case .deliver(let result):
        do throws(Diagnostic) { state.resultReceived(try receive(result), now: now) } catch { state.receiverFailed(error, now: now) }
      case .wait:
        let milliseconds = progress == nil ? -1 : max(0, Int((next - now) / 1_000_000) + 1)
        if wait(milliseconds: milliseconds, interruption: cancellation) { state.cancelJob(now: now) }
        if let progress, monotonicNanoseconds() >= next {
          next = monotonicNanoseconds() + Int64(Self.progressMilliseconds) * 1_000_000
          progress(state.progress(seconds: Double(monotonicNanoseconds() - start) / 1e9))
        }
      case .ended: break steps
      }
      perform()
    }
    try state.endJob()
  }

  func settle(_ blocks: [BlockRef], as retention: BlockState.Retention) {
    state.settle(blocks, as: retention)
    perform()
  }

  /// Ray brings back what it has put on disk when it is read, so nobody waits for that here.
  func acquire(_ blocks: [BlockRef], deadline: Deadline) throws(Diagnostic) -> [BlockID] { state.blocks.hold(blocks) }

  func release(_ blocks: [BlockRef]) {
    state.release(state.blocks.release(blocks))
    perform()
  }

  /// Ray puts on disk what its stores have no room for, pinned or not, and nothing else: the level of a dataset is a wish here.
  func allowSpilling(_ blocks: [BlockRef]) {}
  func moveToDisk(_ blocks: [BlockRef]) {}
  func isOnDisk(_ block: BlockRef) -> Bool { false }

  func contains(_ block: BlockRef) -> Bool { state.blocks.contains(block) }

  func transfers() -> [Transfer] {
    state.transfers.map { Transfer(from: $0.key.from, to: $0.key.to, movedBytes: $0.value, mappedBytes: 0) }
      .sorted { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  /// What a cancelled task moves is not counted.
  func awaitMovements() {}

  func headReader() -> any HeadReader { RayHeadReader(self) }

  func inspect(_ blocks: [BlockRef], _ inspection: BlockInspection) throws -> [[[Value]]] {
    var places: [NodeIndex: [Int]] = [:]
    for (place, block) in blocks.enumerated() {
      guard let home = state.blocks.home(of: block) else { throw PeerArenas.lost(block) }
      places[home, default: []].append(place)
    }
    // All nodes are asked before the first answer is waited for.
    let asked = try places.sorted { $0.key < $1.key }.map { home, places in
      (number: try ask(.inspect(inspection), over: places.map { blocks[$0].id }, on: home), places: places)
    }
    var answers: [[[Value]]] = blocks.map { _ in [] }
    for (number, places) in asked {
      switch try LibraryOutcome(decoding: try answer(to: number).outcome) {
      case .inspected(let found) where found.count == places.count: for (place, rows) in zip(places, found) { answers[place] = rows }
      case .failed(let diagnostic, _): throw diagnostic
      case .inspected, .done: throw Diagnostic(.badReport, "a question about blocks has another answer than it can have")
      }
    }
    return answers
  }
}
