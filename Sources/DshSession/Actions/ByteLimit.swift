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
    try explainingLimit(goal: "the shell", instead: "take, write") { try run(.all(limitBytes: limitBytes), of: plan) }
  }

  /// The most bytes that the action may bring, by its options `--force` and `--max-bytes` and the setting; nil for any number.
  var limitBytes: Int? {
    if option("force")?.bool ?? false { return nil }
    return option("max-bytes")?.value?.sizeBytes.map { Int(clamping: $0) } ?? session.settings.maxBytes
  }

  /// Says what to do where there are more bytes than may come.
  ///
  /// - Parameters:
  ///   - goal: where they would come to.
  ///   - instead: what to do there.
  func explainingLimit<Result>(goal: String, instead: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let exceeded as ByteLimitExceeded {
      throw Diagnostic(
        .tooManyBytes, "\(stage.verb.text) would bring \(bytesText(exceeded.bytes)) to \(goal): \(counted(exceeded.rows, "row"))",
        span: stage.verb.span, suggestion: "use \(instead), or \(stage.verb.text) --force",
        notes: ["the limit is \(bytesText(exceeded.limitBytes)); --max-bytes or set max-bytes change it"])
    }
  }
}
