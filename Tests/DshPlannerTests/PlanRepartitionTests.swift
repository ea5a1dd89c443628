// `repartition` and `zip` in stages: blocks of which others are put together.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanRepartitionTests {
  private func repartitioned(_ size: Repartition.Size, by keys: [Int] = []) -> LogicalPlan {
    .operation(Operation(Repartition(size, keys: keys)), [numbers])
  }

  @Test func blocksAreCutAnew() {
    #expect(stages(repartitioned(.blocks(4))) == ["range → blocks", "repartition → blocks"])
  }

  @Test func partitionsHaveATaskEach() {
    let graph = PhysicalPlanner().graph(of: repartitioned(.blocks(4), by: [0]), for: .blocks())
    #expect(graph.lines == ["range → hash partitions, pulled by 4 tasks", "repartition → blocks"])
    #expect(graph.stages[0].exchange == .partitions(4))
  }

  /// Cuts of different sizes are different stages, though they are of the same rows.
  @Test func theSizeIsPartOfTheIdentity() {
    let graphs = [Repartition.Size.blocks(4), .blocks(5), .bytes(4)].map {
      PhysicalPlanner().graph(of: repartitioned($0), for: .blocks()).result
    }
    #expect(Set(graphs).count == 3)
    #expect(Set(graphs.flatMap(\.inputs)).count == 1)
  }

  @Test func bothSidesOfAZipAreMade() throws {
    let zip = LogicalPlan.operation(Operation(Zip(ExpressionOrigin())), [try reading(), .filter(numbers, isLarge)])
    let graph = PhysicalPlanner().graph(of: zip, for: .blocks())
    #expect(graph.lines == ["read → blocks", "range + filter → blocks", "zip → blocks"])
    #expect(graph.result.schema == zip.schema)
  }

  /// The sides are not the same where they change places.
  @Test func theOrderOfSidesCounts() throws {
    let sides = [try reading(), numbers]
    let graphs = [sides, sides.reversed()].map {
      PhysicalPlanner().graph(of: .operation(Operation(Zip(ExpressionOrigin())), $0), for: .blocks()).result
    }
    #expect(graphs[0] != graphs[1])
  }
}
