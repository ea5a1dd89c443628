// The ends of nodes: what is told of them, and what is said when they leave nobody to run on.
import DshColumns
import DshDiagnostics
import DshStore

/// How the process of a node ended, as the system tells it.
struct NodeEnd: Sendable {
  let processID: Int32
  let reason: Diagnostic
  /// The beginning of what it wrote to its error output.
  var words: String?
}

/// Nodes that ended. An end is told once it is known whether another process has started in its place.
struct NodeDeaths: Sendable {
  /// An end that has not been told.
  struct Death: Sendable {
    let node: NodeIndex
    let record: Membership.Node
    let end: NodeEnd
    let lostBlocks: [BlockID]
    let lostBytes: Int
    /// Tasks of the job under way that run again.
    let tasksAgain: Int

    /// What the node said itself is more than what the system knows.
    var reason: Diagnostic { record.lastWords ?? end.reason }

    /// Whether it says nothing about how nodes start here.
    var isNoFailedStart: Bool { record.isReady || record.isEnded }
  }

  /// Nodes that ended by themselves, in order, as `node1 (process 4711)`.
  private(set) var told: [String] = []
  /// Ends of nodes in whose place a process is being started.
  private var replacing: [NodeIndex: Death] = [:]
  /// Why the latest node that ended did so.
  private var latestReason: Diagnostic?
  /// Why a node could not be started, the latest.
  private var startFailure: Diagnostic?

  /// A node has ended, and another process is started in its place.
  mutating func replacing(_ death: Death) {
    latestReason = death.reason
    replacing[death.node] = death
  }

  /// A node has ended and is not replaced.
  mutating func gone(_ death: Death) -> [ClusterEvent] {
    latestReason = death.reason
    // Its end was wished for.
    return death.record.isDraining ? [] : tell(death, isReplaced: false, failure: death.isNoFailedStart ? nil : death.reason)
  }

  /// A process has started; if it stands in for another, that is told now.
  mutating func nodeStarted(_ node: NodeIndex) -> [ClusterEvent] {
    guard let death = replacing.removeValue(forKey: node) else { return [] }
    return tell(death, isReplaced: true, failure: death.isNoFailedStart ? nil : death.reason)
  }

  /// No process could be started in place of one that ended.
  mutating func nodeNotStarted(_ node: NodeIndex, _ reason: Diagnostic) -> [ClusterEvent] {
    guard let death = replacing.removeValue(forKey: node) else { return [] }
    return tell(death, isReplaced: false, failure: reason)
  }

  private mutating func tell(_ death: Death, isReplaced: Bool, failure: Diagnostic?) -> [ClusterEvent] {
    let name = nodeName(death.node)
    told.append("\(name) (process \(death.end.processID))")
    var events: [ClusterEvent] = []
    // A start that failed is told once it is given up.
    if death.isNoFailedStart || (isReplaced && death.record.lastWords == nil) {
      events.append(
        .nodeLost(
          name: name, processID: death.end.processID, words: death.record.lastWords?.message ?? death.end.words, replaced: isReplaced,
          blocksLost: death.lostBlocks, bytesLost: death.lostBytes, tasksAgain: death.tasksAgain))
    }
    if let failure {
      startFailure = failure
      if !isReplaced { events.append(.nodeNotStarted(name: name, reason: failure)) }
    }
    return events
  }

  // MARK: Errors

  /// The task of an index was running on each of several nodes that ended.
  func blame(_ index: Int) -> Diagnostic {
    let times = "\(Scheduler.killLimit) times"
    if let latestReason, latestReason.category == .environment {
      return Diagnostic(
        latestReason.code, latestReason.category, "a node ended \(times) with the same task: \(latestReason.message)",
        notes: latestReason.notes)
    }
    return Diagnostic(
      .taskKilledNode, "a task ended its node \(times) and is not tried again: task \(index)",
      notes: [
        "the last time: \(latestReason?.message ?? "")", "if memory was short (signal 9), a smaller --block-bytes makes smaller tasks",
      ])
  }

  /// No node is left.
  var clusterLost: Diagnostic {
    let again = "`nodes add` starts a new one"
    guard let reason = startFailure else { return Diagnostic(.clusterLost, "no node is left to run on", notes: [again]) }
    if reason.category == .environment {
      return Diagnostic(reason.code, .environment, "no node can start: \(reason.message)", notes: reason.notes)
    }
    return Diagnostic(.clusterLost, "no node is left to run on", notes: [reason.message] + reason.notes + [again])
  }
}
