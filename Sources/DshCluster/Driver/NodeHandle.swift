// One node process as the head sees it.
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

/// A running node process and the connection to it.
final class NodeHandle {
  let index: NodeIndex
  let epoch: Int
  let process: ChildProcess
  /// What it writes to its error output: nothing, unless it ends unforeseen.
  private let errorOutput: CapturedOutput
  var connection: Connection
  /// The read-only descriptor of its arena, once it is up.
  var arena: Connection.OutgoingDescriptor?
  /// The read-only descriptor of its spill file, once there is one.
  var spillFile: Connection.OutgoingDescriptor?

  init(index: NodeIndex, epoch: Int, options: ClusterOptions) throws(Diagnostic) {
    self.index = index
    self.epoch = epoch
    let program = options.nodeProgram ?? (ChildProcess.ownExecutable, ["dsh", "node"])
    let (own, other) = try StreamSocket.pair()
    let ownEnd = Descriptor(owning: own)
    let otherEnd = Descriptor(owning: other)
    errorOutput = try CapturedOutput()
    process = try ChildProcess(
      path: program.path, arguments: program.arguments + ["\(ownProcessID())"], errorOutput: .descriptor(errorOutput.number),
      inherited: [(otherEnd.number, nodeSocketNumber)])
    connection = Connection(ownEnd)
    connection.send(
      HeadMessage.configure(
        NodeConfiguration(
          node: index, epoch: epoch, name: nodeName(index), storeBytes: options.storeBytes, spill: options.spill,
          slots: options.slots, seed: options.seed,
          isDeterministic: options.isDeterministic)
      ).encoded())
  }

  /// The end of what it has written to its error output.
  var said: String { errorOutput.lastText }

  /// The most of a message that is shown.
  private static let wordsLimit = 200

  /// How it ended, as far as the system and its error output tell.
  func end(_ ending: ProcessEnding) -> NodeEnd {
    // Where the head can't speak with it any more, that is why it was ended.
    if let failure = connection.failure {
      return NodeEnd(processID: process.processID, reason: failure, words: ([failure.message] + failure.notes).joined(separator: "; "))
    }
    let words = errorOutput.text.split(whereSeparator: \.isNewline).first.map { String($0.prefix(Self.wordsLimit)) }
    return NodeEnd(processID: process.processID, reason: reason(of: ending, words), words: words)
  }

  private func reason(of ending: ProcessEnding, _ words: String?) -> Diagnostic {
    let message = [ending.description, words].compactMap { $0 }.joined(separator: ": ")
    // It ended by itself, as the system refused what it can't do without.
    if ending.code == NodeExit.noResources { return Diagnostic(.systemError, message) }
    let notes = ProcessLimits.current.memoryNotes
    // The Swift runtime aborts if it gets no memory.
    guard ending.isAbort, !notes.isEmpty else { return Diagnostic(.nodeEnded, message) }
    return Diagnostic(
      .outOfMemory, message, notes: notes + ["raise the limit, or make smaller tasks: --slots=1, --block-bytes"])
  }

  func send(_ message: HeadMessage, descriptor: Connection.OutgoingDescriptor? = nil) {
    connection.send(message.encoded(), descriptor: descriptor)
  }
}
