// Messages to and from the program that asks.

import DshDiagnostics
import DshSystem
import Synchronization

/// One thread receives; any thread sends.
public final class Transport: Sendable {
  private let streams: any MessageStreams
  private let state = Mutex(State())

  private struct State {
    /// Those that came and that no request has claimed yet, oldest first.
    var descriptors: [Int32] = []
    var isBroken = false
    var tellsBreak: (@Sendable () -> Void)?
  }

  /// Called once, with the first message that nobody reads any more.
  func onBreak(_ tell: @escaping @Sendable () -> Void) { state.withLock { $0.tellsBreak = tell } }

  public init(socket: consuming Descriptor) { streams = SocketStreams(socket) }

  public init(input: consuming Descriptor, output: consuming Descriptor) { streams = PipeStreams(input: input, output: output) }

  /// Whether descriptors can be sent.
  var carriesDescriptors: Bool { streams.carriesDescriptors }

  /// The bytes that came next; none at the end.
  func receive() -> [UInt8] {
    let (bytes, descriptor) = streams.receive()
    if let descriptor { state.withLock { $0.descriptors.append(descriptor) } }
    return bytes
  }

  /// Takes over the oldest descriptors that came; fewer if there are not so many.
  func takeDescriptors(_ count: Int) -> [Int32] {
    state.withLock { state in
      let taken = Array(state.descriptors.prefix(count))
      state.descriptors.removeFirst(taken.count)
      return taken
    }
  }

  /// Sends a message whole; nothing happens once nobody reads any more.
  func send(_ message: OutgoingMessage) {
    let line = message.line
    let tellsBreak = state.withLock { state -> (@Sendable () -> Void)? in
      if state.isBroken { return nil }
      // A descriptor goes beside each byte from the first on.
      for (place, descriptor) in message.descriptors.enumerated() where !state.isBroken {
        state.isBroken = !streams.send(line[place...place], beside: descriptor)
      }
      for part in [line[message.descriptors.count...], message.bytes[...]] where !state.isBroken {
        state.isBroken = !streams.send(part, beside: nil)
      }
      return state.isBroken ? state.tellsBreak : nil
    }
    tellsBreak?()
  }
}
