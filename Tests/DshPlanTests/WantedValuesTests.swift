// What is told of values that a plan depends on.

import DshColumns
import DshDiagnostics
import Testing

@testable import DshPlan

@Suite struct WantedValuesTests {
  private let wanted = WantedValues(
    plan: .rows(Schema([Field("value", .int64)]), []), limit: 3, name: "city", span: SourceSpan(start: 0, end: 4))

  @Test func longListsAreCut() {
    #expect(wanted.note(on: []) == "pivot found 0 values of city")
    #expect(wanted.note(on: [.int64(1), .null]) == "pivot found 2 values of city: 1, null")
    let many = wanted.note(on: (0..<1000).map { .int64($0) })
    #expect(many.hasPrefix("pivot found 1,000 values of city: 0, 1, 2") && many.hasSuffix("10, 11, …"))
  }

  @Test func whoRunsNothingIsToldWhatToDo() {
    #expect(wanted.diagnostic.code == .pendingColumns && wanted.diagnostic.category == .user)
  }
}
