// Which nodes answer: what was asked and heard goes in, what to do comes out. No clock of its own, so that the rule can be tested.
import DshColumns
import DshStore

/// Asks nodes while somebody waits for them, and tells which are silent and which are lost.
///
/// Time in which the head itself did not look (it was stopped, or busy printing) counts against nobody.
struct Liveness: Sendable {
  /// A node is asked this often while it is waited for: its silence is noticed later than after its time by so much at most.
  static let askEveryNanoseconds: Int64 = 100_000_000
  /// A node that owes an answer for so long is silent: an idle main thread answers within a millisecond, a swapping machine within a second.
  static let silentAfterNanoseconds: Int64 = 2_000_000_000
  /// A node that owes an answer for so long is ended and replaced.
  static let lostAfterNanoseconds: Int64 = 10_000_000_000
  /// The head looks at least this often while it waits; a longer gap is its own fault.
  static let longestGapNanoseconds: Int64 = 1_000_000_000

  enum Action: Sendable, Equatable {
    case ask(NodeIndex)
    case silent(NodeIndex)
    case answers(NodeIndex)
    case lost(NodeIndex)
  }

  private struct Node {
    /// When the oldest question without an answer was asked.
    var asked: Int64?
    var nextQuestion: Int64
    var isSilent = false
  }

  private var nodes: [NodeIndex: Node] = [:]
  private var lastLook: Int64?

  /// The nodes that do not answer at present.
  var silent: Set<NodeIndex> { Set(nodes.filter(\.value.isSilent).keys) }

  mutating func nodeStarted(_ node: NodeIndex, now: Int64) { nodes[node] = Node(nextQuestion: now + Self.askEveryNanoseconds) }

  mutating func nodeEnded(_ node: NodeIndex) { nodes[node] = nil }

  /// The node was asked something that it answers at once.
  mutating func asked(_ node: NodeIndex, now: Int64) {
    if nodes[node]?.asked == nil { nodes[node]?.asked = now }
  }

  /// Anything came from the node.
  mutating func heard(_ node: NodeIndex, now: Int64) -> [Action] {
    guard let wasSilent = nodes[node]?.isSilent else { return [] }
    nodes[node] = Node(nextQuestion: now + Self.askEveryNanoseconds)
    return wasSilent ? [.answers(node)] : []
  }

  /// Looks at the clock; call it after everything that came was taken in.
  mutating func look(now: Int64) -> [Action] {
    let gap = now - (lastLook ?? now)
    lastLook = now
    let unseen = gap > Self.longestGapNanoseconds ? gap : 0
    var actions: [Action] = []
    for (index, var node) in nodes.sorted(by: { $0.key < $1.key }) {
      if let asked = node.asked {
        let since = asked + unseen
        node.asked = since
        if now - since >= Self.lostAfterNanoseconds {
          actions.append(.lost(index))
        } else if now - since >= Self.silentAfterNanoseconds, !node.isSilent {
          node.isSilent = true
          actions.append(.silent(index))
        }
      } else if now >= node.nextQuestion {
        node.asked = now
        actions.append(.ask(index))
      }
      nodes[index] = node
    }
    return actions
  }

  /// When something may change by itself.
  var nextLook: Int64? {
    nodes.values.map { node in
      guard let asked = node.asked else { return node.nextQuestion }
      return asked + (node.isSilent ? Self.lostAfterNanoseconds : Self.silentAfterNanoseconds)
    }.min()
  }
}
