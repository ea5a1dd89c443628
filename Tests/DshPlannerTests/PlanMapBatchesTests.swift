// Programs in stages: a step of their input's tasks, and made once where rows are needed twice.

import DshColumns
import DshEngine
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanMapBatchesTests {
  private func mapped(_ plan: LogicalPlan) -> LogicalPlan {
    let call = ProgramCall("cat", folder: "/", format: "jsonl", schema: plan.schema, isSchemaGiven: true)
    return .operation(Operation(MapBatches(call)), [plan])
  }

  @Test func aProgramIsAStepOfTheTasks() throws {
    #expect(stages(mapped(.filter(try reading(), isLarge))) == ["read + filter + map_batches → blocks"])
  }

  /// What is counted first has to be what is numbered then.
  @Test func rowsAreMadeOnceWhereTheyAreNeededTwice() throws {
    let plan = mapped(try reading())
    #expect(
      stages(.operation(Operation(RowNumber("n", from: 1)), [plan])) == [
        "read + map_batches → blocks", "slices → row counts", "slices + row numbers → blocks",
      ])
    #expect(stages(.operation(Operation(Tail(3)), [plan])).first == "read + map_batches → blocks")
    #expect(stages(.limit(plan, count: 3, offset: 2)).first == "read + map_batches → blocks")
  }

  @Test func whatAProgramMakesIsOfNoUseLater() throws {
    let graph = PhysicalPlanner().graph(of: .operation(Operation(Tail(3)), [mapped(try reading())]), for: .blocks())
    #expect(graph.stages.allSatisfy { !$0.isRepeatable })
    #expect(PhysicalPlanner().graph(of: try reading(), for: .blocks()).result.isRepeatable)
  }

  @Test func firstRowsMayDependOnTheLast() throws {
    #expect(mapped(try reading()).limitingRows(to: 3) == mapped(try reading()))
  }
}
