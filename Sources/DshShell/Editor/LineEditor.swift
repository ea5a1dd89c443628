// What the run loop needs of an editor, and what an editor needs of the shell.

import DshLanguage

/// How the reading of a statement ended.
public enum EditorResult: Sendable, Hashable {
  /// A statement, as typed; may be blank.
  case statement(String)
  /// Ctrl-C: the line was dropped.
  case cancelled
  /// Ctrl-D on an empty line, or the end of the input.
  case endOfInput
}

/// What an editor asks while a person types.
public protocol EditorHost: AnyObject {
  func completeness(of text: String) -> Completeness
  /// What may stand at a byte offset. Never runs data.
  func complete(_ text: String, at offset: Int) -> CompletionList
  func highlight(_ text: String) -> [HighlightedSpan]
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
}
