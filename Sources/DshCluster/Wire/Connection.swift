// One end of the control socket between head and node: whole messages in and out, descriptors beside them.
import DshColumns
import DshDiagnostics
import DshSystem

/// A control connection used by one thread that never blocks on it.
struct Connection: ~Copyable {
  private let socket: StreamSocket
  private var assembler = FrameAssembler()
  /// Received descriptors that no message has claimed yet, oldest first.
  private var descriptors: [Int32] = []
  /// Whether one came that this process had no number for.
  private var lacksDescriptor = false
  private var outgoing: [(bytes: [UInt8], sent: Int, descriptor: OutgoingDescriptor?)] = []
  /// Whether the other side takes nothing more. What it said before may still wait to be received.
  private(set) var isSendingOver = false
  /// Whether everything that the other side said has been received, and it is gone.
  private(set) var isClosed = false
  /// Why the connection is of no use any more, if that is the system's doing.
  private(set) var failure: Diagnostic?

  /// Keeps a descriptor open until it has been sent.
  final class OutgoingDescriptor: Sendable {
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  init(_ descriptor: consuming Descriptor) { socket = StreamSocket(descriptor) }

  deinit {
    for number in descriptors { _ = Descriptor(owning: number) }
  }

  var number: Int32 { socket.descriptor.number }

  var wantsToWrite: Bool { !outgoing.isEmpty }

  /// Queues a message and sends as much as the socket takes.
  mutating func send(_ body: [UInt8], descriptor: OutgoingDescriptor? = nil) {
    if isSendingOver { return }
    outgoing.append((frame(body), 0, descriptor))
    flush()
  }

  /// Sends queued bytes as far as the socket takes them.
  mutating func flush() {
    while let first = outgoing.first {
      let result = first.bytes.withUnsafeBytes { bytes in
        // A descriptor travels with the first byte of its message only.
        socket.send(
          UnsafeRawBufferPointer(rebasing: bytes[first.sent...]), descriptor: first.sent == 0 ? first.descriptor?.descriptor.number : nil,
          wait: false)
      }
      switch result {
      case .sent(let count):
        outgoing[0].sent += count
        if outgoing[0].sent == first.bytes.count { outgoing.removeFirst() }
      case .wouldBlock: return
      case .closed: endSending()
      case .failed(let error):
        failure = error
        endSending()
      }
    }
  }

  private mutating func endSending() {
    isSendingOver = true
    outgoing.removeAll()
  }

  private mutating func close() {
    isClosed = true
    endSending()
  }

  /// Receives what is there, waiting for the first bytes if asked to; then `next` has the messages.
  mutating func receive(wait: Bool = false) {
    var wait = wait
    withUnsafeTemporaryAllocation(byteCount: WireLimit.receiveBytes, alignment: 8) { buffer in
      while !isClosed {
        let result = socket.receive(into: buffer, wait: wait)
        wait = false
        switch result {
        case .received(let count, let passed):
          switch passed {
          case .nothing: break
          case .descriptor(let number): descriptors.append(number)
          case .refused: lacksDescriptor = true
          }
          assembler.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
          if count < buffer.count && passed == .nothing { return }
        case .wouldBlock: return
        case .closed: close()
        case .failed(let error):
          failure = error
          close()
        }
      }
    }
  }

  /// The next whole message.
  mutating func next() throws(DecodingFailure) -> [UInt8]? { try assembler.next() }

  /// The descriptor that came with a message; nil if none did.
  ///
  /// - Throws: `too-many-open-files` if this process could not take one.
  mutating func takeDescriptor() throws(Diagnostic) -> Descriptor? {
    if lacksDescriptor { throw StreamSocket.refusedDescriptor }
    return descriptors.isEmpty ? nil : Descriptor(owning: descriptors.removeFirst())
  }
}
