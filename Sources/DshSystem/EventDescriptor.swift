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
    _ = retried { unsafe write(descriptor.number, &one, 8) }
  }

  /// Takes the event back; how often it was raised since the last time.
  @discardableResult
  public func take() -> Int { Self.take(descriptor.number) }

  /// Whether it is raised; it stays so.
  public var isRaised: Bool {
    var entries = [PollEntry(descriptor.number)]
    pollOrEnd(&entries, milliseconds: 0)
    return entries[0].isReadable
  }

  /// The same for an event that is known by its number only.
  public static func take(_ number: Int32) -> Int {
    var count: UInt64 = 0
    let (read, _) = retried { unsafe Glibc.read(number, &count, 8) }
    return read == 8 ? Int(clamping: count) : 0
  }
}
