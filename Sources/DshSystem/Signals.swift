// Signals turned into events: nothing but a counter is touched inside a handler.
import CDshSystem
import Glibc
import Synchronization

/// The signals dsh has to do with.
public enum Signal: Sendable {
  case interrupt, quit, hangup, terminate, brokenPipe, windowChange, stop
  /// A file grew beyond what this process may write; ignored, the write is refused with an error.
  case fileTooLarge

  var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .quit: SIGQUIT
    case .hangup: SIGHUP
    case .terminate: SIGTERM
    case .brokenPipe: SIGPIPE
    case .windowChange: SIGWINCH
    case .stop: SIGTSTP
    case .fileTooLarge: SIGXFSZ
    }
  }

  public func ignore() { _ = dsh_ignore_signal(number) }

  public func restoreDefault() { _ = dsh_default_signal(number) }

  /// From now on the signal raises `event`; waiting calls are interrupted. All watched signals raise the same, latest event.
  public func watch(with event: EventDescriptor) {
    Self.watching.withLock { events in if !events.contains(where: { $0 === event }) { events.append(event) } }
    _ = dsh_watch_signal(number, event.number)
  }

  /// Events that were ever to be raised: none is closed, as its number would be another file's when the next signal comes.
  private static let watching = Mutex<[EventDescriptor]>([])
}
