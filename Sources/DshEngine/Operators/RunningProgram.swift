// An external program as a step of a task sees it; whoever runs the task starts it.

import DshDiagnostics
import DshPlan

/// A program that runs. It ends with its last reference, and whatever it has started with it.
public protocol RunningProgram: AnyObject {
  /// Adds bytes for its input; they are written by `exchange`, and dropped if it reads no more.
  func send(_ bytes: [UInt8])
  /// Nothing follows what was sent.
  func endInput()
  /// Whether there are bytes that it has not taken.
  var wantsToSend: Bool { get }
  /// Writes and reads what can be, and waits a while if nothing can. Throws `cancelled` if nobody wants the result any more.
  func exchange() throws
  /// Bytes of its answer that nobody has taken.
  var answerBytes: Int { get }
  func takeAnswer() -> [UInt8]
  /// How it ended, once it has and all that it has written is here.
  var ending: ProgramEnding? { get }
  /// What it was given and gave so far.
  var work: ProgramWork { get }
  /// Its answer is whole, and it waits for more: it may serve another task.
  func release()
  /// The last lines of its error output.
  var lastWords: [String] { get }
}

/// How a program ended.
public enum ProgramEnding: Hashable, Sendable {
  case success
  /// The shell has not found it, or may not run it.
  case notFound, notRunnable
  /// In words: `ended with code 1`.
  case failure(String)

  /// - Parameter code: what it gave back, as POSIX says of shells ("Exit Status for Commands"); nil if a signal has ended it.
  public init(code: Int32?, text: String) {
    switch code {
    case 0: self = .success
    case 127: self = .notFound
    case 126: self = .notRunnable
    default: self = .failure(text)
    }
  }
}
