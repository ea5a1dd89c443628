// What the run loop needs of an editor, and what an editor needs of the shell.

import DshDiagnostics
import DshLanguage
import DshSession

/// How the reading of a statement ended.
public enum EditorResult: Sendable, Hashable {
  /// A statement, as typed; may be blank.
  case statement(String)
  /// Ctrl-C: the line was dropped.
  case cancelled
  /// Ctrl-D on an empty line, or the end of the input.
  case endOfInput
  /// Nothing more can be read, and that is not its end.
  case failed(Diagnostic)
}

/// What an editor asks while a person types. Nothing of it runs data.
public protocol EditorHost: AnyObject {
  func completeness(of text: String) -> Completeness
  /// What may stand at a byte offset.
  func complete(_ text: String, at offset: Int) -> CompletionList
  /// The classes of a text's pieces; words that nothing is known of are marked, but for one being typed at the cursor's byte offset.
  func highlight(_ text: String, cursor: Int) -> [HighlightedSpan]
  /// Whether a statement would bind as things stand.
  func fits(_ statement: String) -> Bool
  /// Takes a look at the files that a text names, so that their columns are known; called when the person pauses.
  /// True if something new is known.
  func lookAhead(_ text: String) -> Bool
  /// Whether the person's own editor may be started.
  var startsPrograms: Bool { get }
  /// The keys asked for; nil for what the user's editrc file says.
  var editMode: EditMode? { get }
  /// A statement suggested before anything is typed, such as the one before with its mistake mended.
  var offeredStatement: String? { get }
  /// Whether statements typed before are suggested while typing.
  var suggestsHistory: Bool { get }
  /// Descriptors that become readable when something happens that the person should hear of.
  var eventDescriptors: [Int32] { get }
  /// Says what has happened; the editor has cleared the place and repaints afterwards.
  func handleEvents()
}

/// Reads statements from a person.
public protocol LineEditor: AnyObject {
  /// Reads one statement, however many lines it takes.
  func readStatement() -> EditorResult
  /// Adds a statement to what Up brings back.
  func remember(_ statement: String)
  /// Takes in what was typed while something else read the terminal; it comes before what is typed next.
  func feed(_ typed: [UInt8])
}
