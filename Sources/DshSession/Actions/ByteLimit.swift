// All rows of a plan to the shell, unless they take more bytes than may come.

import DshBackend
import DshDiagnostics
import DshPlan
import DshLanguage

extension ActionContext {
  /// All rows of a plan.
  ///
  /// - Parameter limitBytes: the most bytes they may take; nil for any number.
  func takeAll(_ plan: LogicalPlan, limitBytes: Int?) throws -> RunReport {
    do {
      return try run(.all(limitBytes: limitBytes), of: plan)
    } catch let exceeded as ByteLimitExceeded {
      throw Diagnostic(
        .tooManyBytes, "take_all would bring \(bytesText(exceeded.bytes)) to the shell: \(counted(exceeded.rows, "row"))",
        span: stage.verb.span, suggestion: "use take, write, or take_all --force",
        notes: ["the limit is \(bytesText(exceeded.limitBytes)); --max-bytes or set max-bytes change it"])
    }
  }
}
