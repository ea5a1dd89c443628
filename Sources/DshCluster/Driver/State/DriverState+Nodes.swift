// Nodes come, are ready, drain, and end.
import DshColumns
import DshDiagnostics
import DshStore

extension DriverState {
  // MARK: Starts

  /// A process of a node was started. It is given the arenas of the head and of all nodes that are up.
  mutating func nodeStarted(_ node: NodeIndex, epoch: Int, slots: Int, now: Int64) {
    membership.insert(node, epoch: epoch, slots: slots)
    liveness.nodeStarted(node, now: now)
    scheduler.nodeStarting(node, slots: slots)
    act(.share(arenaOf: 0, with: node))
    for peer in membership.all(where: \.isReady) { act(.share(arenaOf: peer, with: node)) }
    note(deaths.nodeStarted(node))
  }

  /// The process that was to be started in place of another could not be.
  mutating func nodeNotStarted(_ node: NodeIndex, _ reason: Diagnostic) { note(deaths.nodeNotStarted(node, reason)) }

  /// The node has said that it is up, and its arena is there.
  mutating func nodeReady(_ node: NodeIndex) {
    membership.change(node) { $0.isReady = true }
    supervision.nodeReady(node)
    for peer in membership.indexes where peer != node { act(.share(arenaOf: node, with: peer)) }
    scheduler.nodeUp(node)
  }

  /// A node can't be used, for a reason that it could not tell itself.
  mutating func nodeUnusable(_ node: NodeIndex, epoch: Int, _ reason: Diagnostic?) {
    guard membership.isCurrent(node, epoch) else { return }
    if let reason { membership.change(node) { $0.lastWords = reason } }
    act(.kill(node))
  }

  // MARK: Ends

  /// Ends a node as a crash would; it is told and replaced like one, but no task is blamed.
  mutating func kill(_ node: NodeIndex) {
    membership.change(node) { $0.isEnded = true }
    act(.end(node))
  }

  /// The process of a node has ended, for whatever reason. It is replaced if that makes sense.
  mutating func nodeEnded(_ node: NodeIndex, epoch: Int, _ end: NodeEnd, now: Int64) {
    guard membership.isCurrent(node, epoch), let record = membership.remove(node) else { return }
    liveness.nodeEnded(node)
    chaos?.nodeEnded(node)
    acquisitions.nodeEnded(node)
    perform(spilling.nodeEnded(node))
    for peer in membership.indexes { act(.send(.peerGone(node), to: peer)) }
    let lostBytes = directory.byteCount(of: node)
    let lost = directory.removeAll(of: node)
    if !lost.isEmpty { act(.withdraw(lost)) }
    let again = tasksLost(on: node, wasEnded: record.isEnded, now: now)
    let death = NodeDeaths.Death(node: node, record: record, end: end, lostBlocks: lost, lostBytes: lostBytes, tasksAgain: again)
    switch supervision.nodeEnded(node, wasReady: record.isReady, wasEnded: record.isEnded, isDraining: record.isDraining) {
    case .replace:
      deaths.replacing(death)
      act(.start(node, epoch: membership.takeEpoch(of: node)))
    case .giveUp: note(deaths.gone(death))
    }
  }

  // MARK: Draining

  /// The nodes that take tasks, now or as soon as they are up.
  var takers: [NodeIndex] {
    let silent = liveness.silent
    return membership.all { !$0.isDraining }.filter { !silent.contains($0) }
  }

  /// Gives a node no more tasks, and ends it once it runs none and holds no blocks.
  ///
  /// - Throws: `last-node` if no other node is left to run on.
  mutating func drain(_ node: NodeIndex) throws(Diagnostic) {
    guard takers.contains(where: { $0 != node }) else {
      throw Diagnostic(
        .lastNode, "\(nodeName(node)) is the last node: nothing could run without it", suggestion: "add another first: nodes add")
    }
    membership.change(node) { $0.isDraining = true }
    scheduler.nodeDraining(node)
    finishDraining()
  }

  /// Ends the draining of a node that has not ended: it takes tasks again.
  mutating func keep(_ node: NodeIndex) {
    membership.change(node) { $0.isDraining = false }
    scheduler.nodeKept(node)
  }

  /// Ends the nodes that have drained.
  mutating func finishDraining() {
    for node in membership.all(where: \.isDraining) where scheduler.runningTasks(on: node) == 0 && directory.blocks(of: node) == 0 {
      act(.send(.shutdown, to: node))
      act(.end(node))
    }
  }

  // MARK: Looking

  /// How a node is, as `nodes` shows it.
  func status(of node: NodeIndex) -> NodeStatus.State {
    if liveness.silent.contains(node) { return .silent }
    guard let record = membership[node] else { return .starting }
    return record.isDraining ? .draining : record.isReady ? .up : .starting
  }

  /// Whether a node is being started that may still be up soon.
  var awaitsNodes: Bool {
    let silent = liveness.silent
    return membership.nodes.contains { !$0.value.isReady && !silent.contains($0.key) }
  }
}
