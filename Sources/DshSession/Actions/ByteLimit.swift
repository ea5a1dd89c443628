// All rows of a plan to the shell, unless they take more bytes than may come.

import DshBackend
import DshDiagnostics
import DshPlan
import DshLanguage

extension ActionContext {
  /// All rows of a plan.
  ///
  /// - Parameters:
  ///   - limitBytes: the most bytes they may take; nil for any number.
  ///   - instead: what to do where they take more.
  func takeAll(_ plan: LogicalPlan, limitBytes: Int?, instead: String = "take, write") throws -> RunReport {
    do {
      return try run(.all(limitBytes: limitBytes), of: plan)
    } catch let exceeded as ByteLimitExceeded {
      throw Diagnostic(
        .tooManyBytes, "\(stage.verb.text) would bring \(bytesText(exceeded.bytes)) to the shell: \(counted(exceeded.rows, "row"))",
        span: stage.verb.span, suggestion: "use \(instead), or \(stage.verb.text) --force",
        notes: ["the limit is \(bytesText(exceeded.limitBytes)); --max-bytes or set max-bytes change it"])
    }
  }
}
