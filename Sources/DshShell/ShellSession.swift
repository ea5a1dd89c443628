// What the shell needs of a session.

import DshBackend
import DshDiagnostics
import DshLanguage
import DshSession
import DshRender

/// How a run of statements ended.
public enum ShellRunOutcome: Sendable, Hashable {
  case finished
  /// `quit` was met.
  case quit
}

/// A session as the interactive shell sees it; used by one thread.
public protocol ShellSession: AnyObject {
  /// Runs a text. Gives outputs and failures in order; nothing runs after a failure. Where there are several statements, `echo` is told each
  /// before it runs.
  func run(_ source: SourceText, echo: (String) -> Void, emit: (Output) -> Void, onFailure: ([Diagnostic], SourceText?) -> Void)
    -> ShellRunOutcome
  /// What may stand at a byte offset of a text. Never runs data.
  func complete(_ text: String, at offset: Int) -> CompletionList
  /// The classes of a text's pieces, with names that stand for nothing marked, but for one being typed at the cursor. Never runs data.
  func highlight(_ text: String, cursor: Int) -> [HighlightedSpan]
  /// Whether a statement would bind as things stand.
  func fits(_ statement: String) -> Bool
  /// What may have been meant by a statement that failed; nil if nothing is likely, or if it could do harm.
  func mended(_ text: String, by diagnostics: [Diagnostic]) -> String?
  /// Samples files that a text names; true if something was learnt.
  func lookAhead(_ text: String) -> Bool
  /// Descriptors that become readable when there is news.
  var newsDescriptors: [Int32] { get }
  /// News since the last time: a node died.
  func takeNews() -> [String]
  /// A descriptor that becomes readable when the running statement shall be cancelled.
  var cancellation: Int32? { get set }
  /// Called now and then while a statement runs.
  var progress: ((RunProgress) -> Void)? { get set }
  /// Called with what happens while a statement runs, as soon as it is known.
  var news: ((String) -> Void)? { get set }
  /// Called before another program gets the terminal (true), and when it is back (false).
  var lendTerminal: ((Bool) -> Void)? { get set }
  /// The lines of the terminal; nil where nobody looks.
  var screenRows: Int? { get set }
  /// What `set` says.
  var settings: Settings { get }
}
