// A counter that one thread or signal handler raises and a poll loop waits for.
import CDshSystem
import DshDiagnostics
import Glibc

/// An event that can be waited for with `poll`.
public final class EventDescriptor: Sendable {
  private let descriptor: Descriptor

  public init() throws(Diagnostic) {
    descriptor = Descriptor(owning: try checked("make an event descriptor") { dsh_event_descriptor() })
  }

  /// The number to poll; readable while the event is raised.
  public var number: Int32 { descriptor.number }

  /// Raises the event; cheap and safe from any thread.
  public func raise() {
    var one: UInt64 = 1
    _ = retried { write(descriptor.number, &one, 8) }
  }

  /// Takes the event back; how often it was raised since the last time.
  @discardableResult
  public func take() -> Int {
    var count: UInt64 = 0
    let (read, _) = retried { Glibc.read(descriptor.number, &count, 8) }
    return read == 8 ? Int(clamping: count) : 0
  }
}
