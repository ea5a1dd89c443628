// The child process that is the driver of Ray, and the connection to it.

import DshColumns
import DshDiagnostics
import DshPython
import DshSystem
import DshTasks

/// A running bridge. What Ray prints goes to a log in memory, never to the terminal.
final class BridgeProcess {
  let process: ChildProcess
  private let log: CapturedOutput
  private var connection: Connection

  /// The number of the descriptor that the bridge reads its own program from.
  private static let programNumber: Int32 = 3

  /// - Parameter python: the path of the interpreter.
  init(python: String) throws(Diagnostic) {
    let (own, other) = try StreamSocket.pair()
    let ownEnd = Descriptor(owning: own)
    let otherEnd = Descriptor(owning: other)
    log = try CapturedOutput()
    let text = PythonModules.bridge
    let program = try MemoryFile(name: "dsh-bridge", byteCount: text.count)
    let written = text.withUnsafeBytes { bytes in Result { () throws(Diagnostic) in try program.write([bytes], at: 0) } }
    try written.get()
    let readable = try program.readOnlyDescriptor()
    process = try ChildProcess(
      path: python, arguments: [python, "/dev/fd/\(Self.programNumber)"], input: .descriptor(otherEnd.number),
      output: .descriptor(log.number), errorOutput: .descriptor(log.number), inherited: [(readable.number, Self.programNumber)])
    connection = Connection(ownEnd)
  }

  /// What Ray and the bridge have said.
  var logText: String { log.lastText }

  /// What to wait for.
  var pollNumbers: [Int32] { [connection.number, process.pollNumber] }
  var wantsToWrite: Bool { connection.wantsToWrite }

  func send(_ request: BridgeRequest) { connection.send(request.encoded()) }
  func flush() { connection.flush() }

  /// Takes in what has come; whether the bridge is still there.
  ///
  /// - Parameter take: is given each message, with the bytes that came along.
  func receive(_ take: (BridgeReply, Buffer?) -> Void) throws -> Bool {
    connection.receive()
    while let bytes = try connection.next() {
      let reply = try BridgeReply(decoding: bytes)
      guard case .answered(_, _, _, let payload) = reply else {
        take(reply, nil)
        continue
      }
      take(reply, try received(payload))
    }
    return !connection.isClosed
  }

  private func received(_ payload: BridgePayload) throws -> Buffer? {
    switch payload {
    case .none: return nil
    case .bytes(let bytes): return Buffer(copying: bytes)
    case .file(let byteCount):
      guard let descriptor = try connection.takeDescriptor() else { throw DecodingFailure("a payload without its descriptor") }
      // The file is sealed: a mapping of all of it can't be cut short by whoever made it.
      let mapping = try Mapping(descriptor, byteCount: byteCount, writable: false)
      return Buffer(address: UnsafeRawPointer(mapping.address), byteCount: byteCount, owner: mapping)
    }
  }

  /// What it said last, for an error that ends it.
  var lastWords: String? { logText.split(whereSeparator: \.isNewline).last.map { String($0.prefix(Self.wordsLimit)) } }

  private static let wordsLimit = 200
}
