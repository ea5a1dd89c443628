// What is fused into one stage, and what makes stages equal.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PhysicalPlannerTests {
  @Test func rowWiseStepsStandInOneStage() throws {
    let plan = LogicalPlan.project(.filter(try reading(), isLarge), [NamedExpression("a", a)])
    #expect(stages(plan) == ["read + filter + project → blocks"])
    #expect(stages(.rows(Schema([Field("a", .int64)]), [[.int64(1)]])) == ["rows → blocks"])
    #expect(stages(.stored(numbers)) == ["stored blocks → blocks"])
  }

  @Test func theInputsOfAUnionAreBranches() throws {
    let union = LogicalPlan.union([.filter(numbers, isLarge), .range(start: 0, end: 5, step: 1)])
    #expect(stages(union) == ["range + filter, range → blocks"])
  }

  @Test func deliveriesDifferInWhatTheLastStageMakes() {
    #expect(stages(numbers, .head(3)) == ["range → take, a wave at a time"])
    #expect(stages(numbers, .ends(first: 2, last: 2)) == ["range → show"])
    #expect(stages(numbers, .text(format: "csv")) == ["range → text"])
    #expect(stages(numbers, .kept(title: "persist")) == ["range → persist"])
  }

  @Test func stagesAreEqualIfAllThatDecidesTheirRowsIs() throws {
    func graph(_ plan: LogicalPlan) -> StageGraph { PhysicalPlanner().graph(of: plan, for: .blocks()) }
    #expect(graph(.filter(numbers, isLarge)) == graph(.filter(numbers, isLarge)))
    #expect(graph(.filter(numbers, isLarge)).hashValue == graph(.filter(numbers, isLarge)).hashValue)
    #expect(graph(.filter(numbers, isLarge)) != graph(numbers))
    #expect(graph(try reading()) != graph(try reading(1 << 21)))
    #expect(graph(try reading()) != graph(try reading(name: "y.csv")))
  }

  /// A stage that two others need stands in the graph once.
  @Test func sharedStagesStandOnce() throws {
    let groups = LogicalPlan.aggregate(numbers, Aggregation(keys: [], aggregates: [try aggregate("sum")]))
    let graph = PhysicalPlanner().graph(of: .union([groups, groups]), for: .blocks())
    #expect(graph.lines == ["range → partial groups", "merge groups, merge groups → blocks"])
  }
}
