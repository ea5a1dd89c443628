// Asof joins in stages: the right input becomes sorted tables.

import DshColumns
import DshEngine
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanAsOfJoinTests {
  private func graph(keys: [Int]) throws -> StageGraph {
    let join = AsOfJoin(.greaterOrEqual, leftKeys: keys, rightKeys: keys, rightColumns: [Join.RightColumn(1, name: "c")])
    return PhysicalPlanner().graph(of: .operation(Operation(join), [try reading(), try reading()]), for: .blocks())
  }

  @Test func theRightIsCutByEqualKeys() throws {
    #expect(
      try graph(keys: [1, 0]).lines == [
        "read → hash partitions, pulled by hash of the keys", "sorted table → sorted tables", "read + asof join → blocks",
      ])
  }

  @Test func withoutEqualKeysThereIsOneTable() throws {
    #expect(try graph(keys: [0]).lines.first == "read → hash partitions")
  }
}
