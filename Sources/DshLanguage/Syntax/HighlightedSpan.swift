// The classes of pieces of text that colours are given by.
import DshDiagnostics

/// What a piece of text is.
public enum HighlightKind: Sendable, Hashable {
  case command, verb
  /// A verb that is known but not built yet.
  case unavailableVerb
  case option, optionValue
  case path
  case dataset
  case column
  /// A name being given: a dataset, a new column, a scalar.
  case newName
  case function, type
  /// `and`, `by`, `desc`, `let`, …
  case keyword
  case string, number
  /// `true`, `false`, `null`.
  case constant
  /// `$n`.
  case parameter
  case operation
  /// Brackets, commas.
  case punctuation
  case pipe
  case comment
  /// A word that means nothing.
  case error
}

/// A piece of text and what it is.
public struct HighlightedSpan: Sendable, Hashable {
  public var span: SourceSpan
  public var kind: HighlightKind

  public init(span: SourceSpan, kind: HighlightKind) {
    self.span = span
    self.kind = kind
  }
}
