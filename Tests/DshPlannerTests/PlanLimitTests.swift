// `limit` in stages: a wave at a time, or behind counts where rows are passed over.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanLimitTests {
  @Test func firstRowsComeAWaveAtATime() {
    #expect(
      stages(.limit(.filter(numbers, isLarge), count: 5, offset: 0)) == ["range + filter → limit, a wave at a time", "slices → blocks"])
  }

  @Test func rowsAreCountedBeforeTheyArePassedOver() throws {
    let wide = LogicalPlan.project(.filter(try reading(), isLarge), [NamedExpression("a", a)])
    #expect(
      stages(.limit(wide, count: 5, offset: 7)) == [
        // What comes behind the last filter changes no count.
        "read + filter → row counts, a wave at a time", "read + filter + project → limit", "slices → blocks",
      ])
  }

  @Test func anOffsetInASortIsPartOfTheTopN() {
    let sorted = LogicalPlan.sort(numbers, [SortColumn(0, descending: true)])
    #expect(
      stages(.limit(sorted, count: 5, offset: 7)) == [
        "range → top rows, pulled by one task", "merge first rows → row counts, a wave at a time", "merge first rows → limit",
        "slices → blocks",
      ])
  }

  @Test func noOverflowAtTheEndOfAllNumbers() {
    #expect(stages(.limit(numbers, count: .max, offset: 3)).count == 3)
  }
}
