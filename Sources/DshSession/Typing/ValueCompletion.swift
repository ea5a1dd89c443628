// Values that a column often has, offered where it is compared with something; only what is in memory already is looked at.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshBackend

extension Session {
  /// More values than these are no help.
  static let offeredValueLimit = 50

  /// The frequent values of the column that stands before the `==`, as literals.
  func values(_ position: CompletionPosition) -> [Completion] {
    guard let column = position.comparedColumn, let plan = upstream(position), plan.schema.index(of: column) != nil else { return [] }
    var found: [(text: String, count: Int)] = []
    var below: LogicalPlan? = plan
    // Blocks of a dataset further up hold the column as well, as long as no step between has made it anew.
    while let step = below, found.isEmpty {
      if case .stored(let kept) = step {
        found = backend.frequentTexts(kept, column: column)
      } else if let kept = keptPlan(step) {
        found = backend.frequentTexts(kept, column: column)
      }
      below = step.inputs.first.flatMap { $0.schema.index(of: column) == nil ? nil : $0 }
    }
    let quote = position.partial.first.flatMap { $0 == "'" ? $0 : nil } ?? "\""
    return found.prefix(Self.offeredValueLimit).map { value in
      let literal = printedString(value.text)
      let text = quote == "'" && !value.text.contains { "'\"\\".contains($0) } ? "'\(value.text)'" : literal
      return Completion(text, counted(value.count, "row"), key: value.text)
    }
  }

  /// The plan itself if its blocks are kept.
  private func keptPlan(_ plan: LogicalPlan) -> LogicalPlan? { backend.kept(plan) == nil ? nil : plan }
}
