// Whether a node that ended is replaced: pure, so that the rule can be read and tested.
import DshColumns
import DshStore

/// Counts failures to start, and gives up on a node that can't.
struct Supervision: Sendable {
  /// A node that never gets ready is tried this often in a row; the reason is then the machine, and more tries would not mend it.
  static let startLimit = 3

  private var failedStarts: [NodeIndex: Int] = [:]

  enum Decision: Sendable, Equatable {
    case replace
    case giveUp
  }

  mutating func nodeReady(_ node: NodeIndex) { failedStarts[node] = nil }

  /// - Parameter wasEnded: whether somebody ended it on purpose, so that its end says nothing about the machine.
  mutating func nodeEnded(_ node: NodeIndex, wasReady: Bool, wasEnded: Bool, isDraining: Bool) -> Decision {
    if isDraining { return .giveUp }
    if wasReady || wasEnded { return .replace }
    failedStarts[node, default: 0] += 1
    return failedStarts[node, default: 0] < Self.startLimit ? .replace : .giveUp
  }
}
