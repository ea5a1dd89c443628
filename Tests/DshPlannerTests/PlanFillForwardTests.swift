// `fill --forward` in stages: last values before each task, or whole groups of a sort.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanFillForwardTests {
  @Test func tasksAreToldTheLastValuesBefore() throws {
    let plan = LogicalPlan.operation(Operation(FillForward([0], keys: [])), [.filter(try reading(), isLarge)])
    #expect(stages(plan) == ["read + filter → last values", "read + filter + fill → blocks"])
  }

  @Test func groupsAreWholeInRangesOfASort() throws {
    let sorted = LogicalPlan.sort(try reading(), [SortColumn(1, descending: false)])
    let plan = LogicalPlan.operation(Operation(FillForward([0], keys: [1])), [sorted])
    #expect(stages(plan) == ["read → sorted runs, pulled by range of the keys", "merge runs + fill → blocks"])
  }

  @Test func topPerKeyMergesRangesOfTheKeysAlone() throws {
    let plan = LogicalPlan.operation(Operation(TopPerKey(2, by: [SortColumn(0, descending: true)], per: [1])), [try reading()])
    let graph = PhysicalPlanner().graph(of: plan, for: .blocks())
    #expect(graph.lines == ["read → top runs, pulled by range of the keys", "merge runs + first of each → blocks"])
    #expect(graph.stages[0].exchange == .ranges([SortColumn(1, descending: false)]))
  }
}
