// The syntax of windows: which other rows a function in `map` looks at.
import DshDiagnostics

/// `over (by KEY, … sort KEY desc, … rows 6 before)`.
public struct WindowSyntax: Sendable, Hashable {
  /// Rows that are equal in all of them are looked at together.
  public var keys: [ExpressionSyntax]
  public var sort: [SortKeySyntax]
  public var frame: FrameSyntax?
  public var span: SourceSpan

  public init(keys: [ExpressionSyntax], sort: [SortKeySyntax], frame: FrameSyntax?, span: SourceSpan) {
    self.keys = keys
    self.sort = sort
    self.frame = frame
    self.span = span
  }
}

extension WindowSyntax {
  /// The same window over other keys.
  public func mapping(_ change: (ExpressionSyntax) -> ExpressionSyntax) -> WindowSyntax {
    let order = sort.map { SortKeySyntax(change($0.expression), isDescending: $0.isDescending, span: $0.span) }
    return WindowSyntax(keys: keys.map(change), sort: order, frame: frame, span: span)
  }
}

/// `rows all`, `rows all before`, `rows 3 before 3 after`: which rows around the one that is computed; nil stands for all.
public struct FrameSyntax: Sendable, Hashable {
  public var before: Int?
  public var after: Int?

  public init(before: Int?, after: Int?) {
    self.before = before
    self.after = after
  }
}
