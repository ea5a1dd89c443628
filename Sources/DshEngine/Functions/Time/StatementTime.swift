// The time of the statement; the binder puts it in as a constant.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let moments = [
    Function(
      "now", .time, [], [.from(to: .timestamp)],
      "The time in UTC at which the statement was entered, the same for all its rows; 2024-01-01 12:00:00 with --deterministic.",
      examples: [("now() == now()", "true"), ("now() > timestamp(\"2020-01-01\")", "true")]
    ) { _ throws(Diagnostic) in throw .unsettledMoment },
    Function(
      "today", .time, [], [.from(to: .date)], "The date in UTC on which the statement was entered: that of `now()`.",
      examples: [("today() == date(now())", "true"), ("today() - today()", "0")]
    ) { _ throws(Diagnostic) in throw .unsettledMoment },
  ]
}

extension Diagnostic {
  fileprivate static let unsettledMoment = Diagnostic(.badPlan, "the time of a statement is settled where it is bound")
}
