// The nodes that the cluster has at present, and the epochs of their processes.
import DshColumns
import DshDiagnostics
import DshStore

/// Which nodes there are and how they are. Each process of a node has its own epoch, so that a block or a message of an earlier one is never taken
/// for one of a later one.
struct Membership: Sendable {
  struct Node: Sendable {
    let epoch: Int
    let slots: Int
    var isReady = false
    var isDraining = false
    /// Whether it was ended on purpose and is to be replaced.
    var isEnded = false
    /// What the node said about its end, if it could.
    var lastWords: Diagnostic?
  }

  private(set) var nodes: [NodeIndex: Node] = [:]
  private var latestEpochs: [NodeIndex: Int] = [:]

  /// All nodes in order.
  var indexes: [NodeIndex] { nodes.keys.sorted() }

  subscript(_ node: NodeIndex) -> Node? { nodes[node] }

  /// Whether a process of a node is the one that is there now.
  func isCurrent(_ node: NodeIndex, _ epoch: Int) -> Bool { nodes[node]?.epoch == epoch }

  /// The nodes in order that are such.
  func all(where isSuch: (Node) -> Bool) -> [NodeIndex] { indexes.filter { nodes[$0].map(isSuch) ?? false } }

  /// The lowest number that no node has.
  var freeIndex: NodeIndex? { (1..<nodeLimit).first { nodes[$0] == nil } }

  /// A new epoch for the next process of a node.
  mutating func takeEpoch(of node: NodeIndex) -> Int {
    let epoch = (latestEpochs[node] ?? -1) + 1
    latestEpochs[node] = epoch
    return epoch
  }

  mutating func insert(_ node: NodeIndex, epoch: Int, slots: Int) { nodes[node] = Node(epoch: epoch, slots: slots) }

  mutating func remove(_ node: NodeIndex) -> Node? { nodes.removeValue(forKey: node) }

  mutating func change(_ node: NodeIndex, _ body: (inout Node) -> Void) {
    guard var changed = nodes[node] else { return }
    body(&changed)
    nodes[node] = changed
  }

  /// The node that a person named.
  ///
  /// - Throws: `not-a-node` for the head; `unknown-node`.
  func node(named name: String) throws(Diagnostic) -> NodeIndex {
    if let node = indexes.first(where: { nodeName($0) == name }) { return node }
    throw Self.unknownNode(name, among: indexes.map(nodeName))
  }

  /// Why nothing that has a name can be ended: it is the head, or nobody.
  static func unknownNode(_ name: String, among names: [String]) -> Diagnostic {
    if name == nodeName(0) { return Diagnostic(.notANode, "the head is this shell itself: leave it with quit") }
    return Diagnostic(
      .unknownNode, "no node \"\(name)\"", suggestion: nearestName(to: name, in: names).map(didYouMean),
      notes: ["nodes: \(names.joined(separator: ", "))"])
  }
}
