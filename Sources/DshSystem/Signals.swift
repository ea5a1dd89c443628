// Signals turned into events: nothing but a counter is touched inside a handler.
import CDshSystem
import Glibc

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

  /// From now on the signal raises `event`; waiting calls are interrupted. All watched signals raise the same, latest event,
  /// which has to live as long as the process.
  public func watch(with event: EventDescriptor) { _ = dsh_watch_signal(number, event.number) }
}
