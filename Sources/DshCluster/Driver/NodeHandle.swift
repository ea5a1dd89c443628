// One node process as the head sees it.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

/// A running node process and the connection to it.
final class NodeHandle {
  let index: NodeIndex
  let epoch: Int
  let slots: Int
  let process: ChildProcess
  var connection: Connection
  /// The read-only descriptor of its arena, once it is up.
  var arena: Connection.OutgoingDescriptor?
  var isDraining = false
  /// Whether it was ended on purpose and is to be replaced.
  var isEnded = false
  /// What the node said about its end, if it could.
  var lastWords: Diagnostic?
  var isReady: Bool { arena != nil }
  var name: String { nodeName(index) }

  init(index: NodeIndex, epoch: Int, options: ClusterOptions) throws(Diagnostic) {
    self.index = index
    self.epoch = epoch
    slots = options.slots
    let program = options.nodeProgram ?? (ChildProcess.ownExecutable, ["dsh", "node"])
    let (own, other) = try StreamSocket.pair()
    let ownEnd = Descriptor(owning: own)
    let otherEnd = Descriptor(owning: other)
    process = try ChildProcess(
      path: program.path, arguments: program.arguments + ["\(ownProcessID())"], inherited: [(otherEnd.number, nodeSocketNumber)])
    connection = Connection(ownEnd)
    connection.send(
      HeadMessage.configure(
        NodeConfiguration(
          node: index, epoch: epoch, name: nodeName(index), storeBytes: options.storeBytes, slots: options.slots, seed: options.seed,
          isDeterministic: options.isDeterministic)
      ).encoded())
  }

  func send(_ message: HeadMessage, descriptor: Connection.OutgoingDescriptor? = nil) {
    connection.send(message.encoded(), descriptor: descriptor)
  }
}

/// The name people see: `head`, `node1`, `node2`, ….
public func nodeName(_ node: NodeIndex) -> String { node == 0 ? "head" : "node\(node)" }
