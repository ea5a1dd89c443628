// Changing the set of nodes while the cluster runs: add, kill, drain.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

extension Cluster {
  /// Starts further nodes without waiting for them; their names.
  @discardableResult
  public func addNodes(_ count: Int = 1) throws(Diagnostic) -> [String] {
    var names: [String] = []
    try options.allowance.check(storeBytes: options.storeBytes, nodes: min(handles.count + count, nodeLimit - 1))
    var index = 1
    while names.count < count {
      while handles[index] != nil { index += 1 }
      guard index < nodeLimit else {
        throw Diagnostic(.tooManyNodes, "a cluster has at most \(nodeLimit - 1) nodes")
      }
      try startNode(index, epoch: nextEpoch(of: index))
      names.append(nodeName(index))
    }
    return names
  }

  /// Ends a node the hard way, as a crash would: it is told and replaced like one.
  public func killNode(_ name: String) throws(Diagnostic) {
    let handle = try handle(named: name)
    handle.isEnded = true
    handle.process.kill()
    nodeEnded(handle)
    for action in takeActions() { perform(action) }
  }

  /// Gives a node no more tasks, and ends it once it runs none and holds no blocks. Its number is given back.
  ///
  /// - Throws: `last-node` if no other node is left to run on; `unknown-node`.
  @discardableResult
  public func drainNode(_ name: String) throws(Diagnostic) -> NodeIndex {
    let handle = try handle(named: name)
    guard takers.contains(where: { $0 != handle.index }) else {
      throw Diagnostic(
        .lastNode, "\(name) is the last node: nothing could run without it", suggestion: "add another first: nodes add")
    }
    handle.isDraining = true
    scheduler.nodeDraining(handle.index)
    finishDraining()
    return handle.index
  }

  /// Ends the draining of a node that has not ended: it takes tasks again.
  func keepNode(_ node: NodeIndex) {
    guard let handle = handles[node] else { return }
    handle.isDraining = false
    scheduler.nodeKept(node)
  }

  /// Waits until every node that is being started is up, silent, or has failed.
  public func awaitNodes() throws(Diagnostic) {
    while handles.values.contains(where: { !$0.isReady && !liveness.silent.contains($0.index) }) {
      try waitOrCancel()
      for action in takeActions() { perform(action) }
    }
  }

  /// The nodes that take tasks, now or as soon as they are up.
  var takers: [NodeIndex] {
    handles.values.filter { !$0.isDraining && !liveness.silent.contains($0.index) }.map(\.index).sorted()
  }

  func finishDraining() {
    for handle in handles.values where handle.isDraining {
      guard scheduler.runningTasks(on: handle.index) == 0, directory.blocks(of: handle.index) == 0 else { continue }
      handle.send(.shutdown)
      nodeEnded(handle)
    }
  }

  private func handle(named name: String) throws(Diagnostic) -> NodeHandle {
    if let handle = handles.values.first(where: { $0.name == name }) { return handle }
    let names = handles.values.sorted { $0.index < $1.index }.map(\.name)
    if name == nodeName(0) { throw Diagnostic(.notANode, "the head is this shell itself: leave it with quit") }
    throw Diagnostic(
      .unknownNode, "no node \"\(name)\"", suggestion: nearestName(to: name, in: names).map(didYouMean),
      notes: ["nodes: \(names.joined(separator: ", "))"])
  }
}
