// All rows of a plan to the shell, unless they take more bytes than may come.

import DshColumns
import DshDiagnostics
import DshPlan

/// Thrown by a backend instead of bringing rows to the shell that take more bytes than they may; nothing has moved.
public struct ByteLimitExceeded: Error {
  /// The bytes of all rows.
  public var bytes: Int
  public var rows: Int
  public var limitBytes: Int

  public init(bytes: Int, rows: Int, limitBytes: Int) {
    self.bytes = bytes
    self.rows = rows
    self.limitBytes = limitBytes
  }
}

extension ActionContext {
  /// All rows of a plan.
  ///
  /// - Parameter limitBytes: the most bytes they may take; nil for any number.
  func takeAll(_ plan: LogicalPlan, limitBytes: Int?) throws -> (rows: Batch, run: RunSummary) {
    do {
      return try backend.takeAll(plan, limitBytes: limitBytes)
    } catch let exceeded as ByteLimitExceeded {
      throw Diagnostic(
        .tooManyBytes, "take_all would bring \(bytesText(exceeded.bytes)) to the shell: \(counted(exceeded.rows, "row"))",
        span: stage.verb.span, suggestion: "use take, write, or take_all --force",
        notes: ["the limit is \(bytesText(exceeded.limitBytes)); --max-bytes or set max-bytes change it"])
    }
  }
}
