// What the state of the driver asks its loop to do.
import DshColumns
import DshStore

/// One effect; the loop carries them out in order.
enum DriverAction: Sendable, Equatable {
  case send(HeadMessage, to: NodeIndex)
  /// Send the descriptor of a node's arena to another node; 0 is the head.
  case share(arenaOf: NodeIndex, with: NodeIndex)
  /// Start a process in place of one that ended; `nodeStarted` or `nodeNotStarted` answers that.
  case start(NodeIndex, epoch: Int)
  /// Kill the process of a node; its end is noticed as any other, after what it has said before.
  case kill(NodeIndex)
  /// Kill the process of a node, and take in its end at once.
  case end(NodeIndex)
  /// Stop the process of a node for a while.
  case pause(NodeIndex)
  case resume(NodeIndex)
  /// The blocks can be read by contexts of the head.
  case publish([BlockLocation])
  /// The blocks can't be read any more.
  case withdraw([BlockID])
}
