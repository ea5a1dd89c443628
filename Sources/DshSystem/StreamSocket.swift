// A connected Unix-domain stream socket that carries bytes and, now and then, a descriptor.
import CDshSystem
import DshDiagnostics
import Glibc

/// One end of a socket pair.
public struct StreamSocket: ~Copyable, Sendable {
  public let descriptor: Descriptor

  public init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// Two connected ends, open and owned by nobody yet: make a `Descriptor` of each at once.
  public static func pair() throws(Diagnostic) -> (Int32, Int32) {
    var numbers: [Int32] = [-1, -1]
    try checked("make a socket pair") { unsafe dsh_socket_pair(&numbers) }
    return (numbers[0], numbers[1])
  }

  /// What one attempt to send did.
  public enum SendResult: Sendable, Equatable {
    case sent(Int)
    case wouldBlock
    /// The other end is gone.
    case closed
    /// The system refuses it, and what is on its way is lost.
    case failed(Diagnostic)
  }

  /// Sends a prefix of `bytes`; a descriptor travels with the first byte.
  public borrowing func send(_ bytes: UnsafeRawBufferPointer, descriptor passed: Int32? = nil, wait: Bool) -> SendResult {
    let number = descriptor.number
    let (count, error) = retried { unsafe dsh_send(number, bytes.baseAddress, bytes.count, passed ?? -1, wait ? 1 : 0) }
    if count >= 0 { return .sent(count) }
    switch error {
    case EAGAIN, ETOOMANYREFS: return .wouldBlock
    case EPIPE, ECONNRESET: return .closed
    default: return .failed(systemError(error, doing: "send to another process"))
    }
  }

  /// What came beside the bytes; a descriptor belongs to the caller.
  public enum Passed: Sendable, Equatable {
    case nothing
    case descriptor(Int32)
    /// A descriptor that this process had no number for.
    case refused
  }

  /// What one attempt to receive did.
  public enum ReceiveResult: Sendable, Equatable {
    case received(Int, Passed)
    case wouldBlock
    case closed
    case failed(Diagnostic)
  }

  /// Receives what is there, at most as many bytes as fit.
  public borrowing func receive(into bytes: UnsafeMutableRawBufferPointer, wait: Bool) -> ReceiveResult {
    var passed: Int32 = -1
    let number = descriptor.number
    let (count, error) = retried { unsafe dsh_receive(number, bytes.baseAddress, bytes.count, &passed, wait ? 1 : 0) }
    if count > 0 { return .received(count, passed >= 0 ? .descriptor(passed) : passed == -1 ? .nothing : .refused) }
    if passed >= 0 { _ = close(passed) }
    switch error {
    case EAGAIN: return .wouldBlock
    case 0, ECONNRESET: return .closed
    default: return .failed(systemError(error, doing: "receive from another process"))
    }
  }

  /// The error behind `Passed.refused`.
  public static var refusedDescriptor: Diagnostic { systemError(EMFILE, doing: "take over a descriptor") }
}
