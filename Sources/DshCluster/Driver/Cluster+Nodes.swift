// Changing the set of nodes while the cluster runs: start, add, kill, drain.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

extension Cluster {
  /// Starts all nodes without waiting for them. They end with the calling thread, so call it from the main thread.
  public func start() throws(Diagnostic) {
    for index in 1...options.nodes { try startFirst(index) }
  }

  /// Starts further nodes without waiting for them; their names.
  @discardableResult
  public func startNodes(_ count: Int = 1) throws(Diagnostic) -> [String] {
    var names: [String] = []
    try options.allowance.check(storeBytes: options.storeBytes, nodes: min(handles.count + count, nodeLimit - 1))
    while names.count < count {
      guard let index = state.membership.freeIndex else {
        throw Diagnostic(.tooManyNodes, "a cluster has at most \(nodeLimit - 1) nodes")
      }
      try startFirst(index)
      names.append(nodeName(index))
    }
    return names
  }

  /// Starts a node that stands in for no other.
  private func startFirst(_ node: NodeIndex) throws(Diagnostic) {
    try startNode(node, epoch: state.membership.takeEpoch(of: node))
    perform()
  }

  /// Ends a node the hard way, as a crash would: it is told and replaced like one.
  public func killNode(_ name: String) throws(Diagnostic) {
    state.kill(try state.membership.node(named: name))
    perform()
  }

  /// Gives a node no more tasks, and ends it once it runs none and holds no blocks. Its number is given back.
  ///
  /// - Throws: `last-node` if no other node is left to run on; `unknown-node`.
  @discardableResult
  public func drainNode(_ name: String) throws(Diagnostic) -> NodeIndex {
    let node = try state.membership.node(named: name)
    try state.drain(node)
    perform()
    return node
  }

  /// Ends the draining of a node that has not ended: it takes tasks again.
  func keepNode(_ node: NodeIndex) { state.keep(node) }

  /// Waits until every node that is being started is up, silent, or has failed.
  public func awaitNodes() throws(Diagnostic) {
    while state.awaitsNodes { try waitOrCancel() }
  }

  /// The nodes that take tasks, now or as soon as they are up.
  var takers: [NodeIndex] { state.takers }
}
