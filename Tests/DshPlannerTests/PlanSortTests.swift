// `sort` in stages: runs and ranges, or only the first rows where a limit cuts it.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanSortTests {
  private let sorted = LogicalPlan.sort(numbers, [SortColumn(0, descending: true)])

  @Test func runsAreMergedByRange() {
    #expect(stages(sorted) == ["range → sorted runs, pulled by range of the keys", "merge runs → blocks"])
  }

  @Test func aLimitMakesItATopN() {
    let top = ["range → top rows, pulled by one task", "merge first rows → blocks"]
    #expect(stages(.limit(sorted, count: 5, offset: 0)) == top)
    #expect(stages(sorted, .head(5)) == ["range → top rows, pulled by one task", "merge first rows → take, a wave at a time"])
    #expect(stages(.project(sorted, [NamedExpression("a", a)]), .head(5))[0] == "range → top rows, pulled by one task")
  }

  @Test func projectionsBetweenDoNotHideIt() {
    let projected = LogicalPlan.limit(.project(sorted, [NamedExpression("a", a)]), count: 5, offset: 0)
    #expect(stages(projected) == ["range → top rows, pulled by one task", "merge first rows + project → blocks"])
  }

  /// Of so many rows a task can't keep an order at little cost.
  @Test func aLargeLimitSortsEverything() {
    #expect(
      stages(.limit(sorted, count: PhysicalPlanner.largestTopRows + 1, offset: 0))[0] == "range → sorted runs, pulled by range of the keys")
    #expect(stages(sorted, .head(.max))[0] == "range → sorted runs, pulled by range of the keys")
  }

  @Test func aFilterBetweenKeepsTheWholeSort() {
    #expect(stages(.limit(.filter(sorted, isLarge), count: 5, offset: 0))[0] == "range → sorted runs, pulled by range of the keys")
  }
}
