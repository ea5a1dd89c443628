// The values that a stage has to know before it can be bound: they are found by a run of their own.

import DshColumns
import DshDiagnostics

/// Thrown where the columns of a dataset depend on values that have not been found yet.
public struct WantedValues: Error, Sendable {
  /// Gives the values in order, in its only column.
  public let plan: LogicalPlan
  /// The most rows of it.
  public let limit: Int
  /// What the values are values of, as it was written.
  public let name: String
  public let span: SourceSpan

  /// The error of a statement that runs nothing and has to know them.
  public var diagnostic: Diagnostic {
    Diagnostic(
      .pendingColumns, "what columns there are is known once pivot has run", span: span,
      suggestion: "run it first, such as by take, or name the values: by \(name) in [VALUE, …]")
  }

  /// What is told of values that were found: how many there are, and the first.
  public func note(on values: [Value]) -> String {
    let shown = values.prefix(Self.shownValues).map { CellText.string($0) ?? "null" }.joined(separator: ", ")
    return
      "pivot found \(counted(values.count, "value")) of \(name)\(values.isEmpty ? "" : ": \(shown)")\(values.count > Self.shownValues ? ", …" : "")"
  }

  private static let shownValues = 12
}
