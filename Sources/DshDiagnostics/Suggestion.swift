// What an error suggests: something in words, or a fix that can be made.

/// Another text in the place of what is wrong.
public struct Fix: Sendable, Hashable {
  /// What stands in the place of the error's span then.
  public var replacement: String

  public init(_ replacement: String) { self.replacement = replacement }
}

extension Diagnostic {
  /// What to do about an error; a text in quotes is one in words.
  public enum Suggestion: Sendable, Hashable {
    case words(String)
    case fix(Fix)

    /// How it is printed.
    public var text: String {
      switch self {
      case .words(let text): text
      case .fix(let fix): "did you mean \"\(fix.replacement)\"?"
      }
    }
  }

  /// What may be written in the place of what is wrong in the text that was run; nil where the suggestion is of another kind.
  public var fix: Fix? {
    if source == nil, case .fix(let fix) = suggestion { fix } else { nil }
  }
}

extension Diagnostic.Suggestion: ExpressibleByStringInterpolation {
  public init(stringLiteral text: String) { self = .words(text) }
}

/// The suggestion to write a name instead of what stands there.
public func didYouMean(_ name: String) -> Diagnostic.Suggestion { .fix(Fix(name)) }
