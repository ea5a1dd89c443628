// What messages go over: a socket for both ways, which carries descriptors too, or two pipes.

import DshDiagnostics
import DshSystem

/// Bytes in, from one thread; bytes out, from one at a time.
protocol MessageStreams: Sendable {
  /// Whether descriptors can be sent.
  var carriesDescriptors: Bool { get }
  /// The bytes that came next, none at the end; and a descriptor that came beside them, which belongs to the caller.
  func receive() -> (bytes: [UInt8], descriptor: Int32?)
  /// Sends all bytes, a descriptor beside the first of them; false if nobody reads any more.
  func send(_ bytes: ArraySlice<UInt8>, beside descriptor: Int32?) -> Bool
}

/// How much is received at a time.
private let pieceBytes = 1 << 18

/// A connected Unix socket.
final class SocketStreams: MessageStreams {
  private let socket: StreamSocket

  init(_ descriptor: consuming Descriptor) { socket = StreamSocket(descriptor) }

  let carriesDescriptors = true

  func receive() -> (bytes: [UInt8], descriptor: Int32?) {
    var passed: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, count in
      guard case .received(let received, let beside) = socket.receive(into: UnsafeMutableRawBufferPointer(buffer), wait: true) else {
        return
      }
      count = received
      if case .descriptor(let number) = beside { passed = number }
    }
    return (bytes, passed)
  }

  func send(_ bytes: ArraySlice<UInt8>, beside descriptor: Int32?) -> Bool {
    var rest = bytes
    var passed = descriptor
    while !rest.isEmpty {
      switch rest.withUnsafeBytes({ socket.send($0, descriptor: passed, wait: true) }) {
      case .sent(let count):
        rest = rest.dropFirst(count)
        passed = nil
      case .wouldBlock:
        // The socket may have been made one that does not wait.
        var entries = [PollEntry(socket.descriptor.number, waitsForWriting: true)]
        pollOrEnd(&entries, milliseconds: -1)
      case .closed, .failed: return false
      }
    }
    return true
  }
}

/// Standard input and standard output, whatever they are.
final class PipeStreams: MessageStreams {
  private let input: Descriptor
  private let output: Descriptor

  init(input: consuming Descriptor, output: consuming Descriptor) {
    self.input = input
    self.output = output
  }

  let carriesDescriptors = false

  func receive() -> (bytes: [UInt8], descriptor: Int32?) { ((try? readAvailable(input.number, limit: pieceBytes)) ?? [], nil) }

  func send(_ bytes: ArraySlice<UInt8>, beside descriptor: Int32?) -> Bool {
    do {
      try bytes.withUnsafeBytes { try writeAll($0, to: output.number) }
      return true
    } catch { return false }
  }
}
