// Errors that one row causes, and how the first of a batch is found.

import DshDiagnostics

/// A user error that a row caused while an expression was evaluated.
///
/// Of all failing rows of a batch the first is reported, and of the errors of that row the one that evaluation from left
/// to right meets first; so the report does not depend on how rows are cut into batches as long as the rows before
/// `row` are still taken through the rest of the pipeline before the error is raised.
public struct RowError: Error, Sendable, Hashable {
  public var diagnostic: Diagnostic
  /// The row within the batch, from 0.
  public var row: Int
  /// The number of the call that failed among the parts of the expression.
  public var part: Int

  public init(_ diagnostic: Diagnostic, row: Int, part: Int = 0) {
    self.diagnostic = diagnostic
    self.row = row
    self.part = part
  }
}

/// Keeps the error of the first failing row while a batch is evaluated to its end.
final class RowErrors {
  private(set) var first: RowError?

  /// Notes that a row failed; the text is made only if the row comes before the failing row known so far.
  @inline(never) func record(_ row: Int, part: Int, _ diagnostic: () -> Diagnostic) {
    if let first, first.row <= row { return }
    first = RowError(diagnostic(), row: row, part: part)
  }
}
