// `join` in stages: hash tables of the right side, which every task of the left reads.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanJoinTests {
  private func join(_ kind: JoinKind = .inner, _ left: LogicalPlan = numbers, _ right: LogicalPlan = numbers) -> LogicalPlan {
    let columns = kind == .inner || kind == .left ? [Join.RightColumn(0, name: "other")] : []
    return .operation(Operation(Join(kind, leftKeys: [0], rightKeys: [0], rightColumns: columns)), [left, right])
  }

  @Test func theLeftSideStaysWhereItIs() {
    #expect(
      stages(join()) == [
        "range → hash partitions, pulled by hash of the keys", "hash table → hash tables", "range + join → blocks",
      ])
  }

  /// What meets no row of the left need not be in the tables.
  @Test func aSmallLeftSideReducesALargeRightOne() {
    let many = LogicalPlan.range(start: 0, end: 5_000_000, step: 1)
    let reduced = [
      "range → hash partitions, pulled by hash of the keys", "hash table → hash tables",
      "range + semi join → hash partitions, pulled by hash of the keys", "hash table → hash tables",
    ]
    #expect(stages(join(.anti, numbers, many)) == reduced + ["range + anti join → blocks"])
    #expect(stages(join(.inner, many, many)).count == 3)
    #expect(stages(join(.inner, .limit(numbers, count: 3, offset: 0), many)).allSatisfy { !$0.contains("semi join") })
  }

  @Test func tablesOfTwoJoinsAreMadeOnce() {
    let both = join(.semi, join(.anti), numbers)
    #expect(
      stages(both) == [
        "range → hash partitions, pulled by hash of the keys", "hash table → hash tables", "range + anti join + semi join → blocks",
      ])
  }

  /// Which of several partners comes first shows only where columns of theirs do.
  @Test func theOrderOfPartnersIsMadeOnlyWhereItShows() throws {
    let sorted = LogicalPlan.sort(try reading(), [SortColumn(1, descending: true)])
    #expect(stages(join(.inner, numbers, sorted)).first == "read → sorted runs, pulled by range of the keys")
    #expect(stages(join(.semi, numbers, sorted)).first == "read → hash partitions, pulled by hash of the keys")
  }

  @Test func stagesOfDifferentTablesAreDifferent() {
    let few = LogicalPlan.range(start: 0, end: 7, step: 1)
    #expect(
      PhysicalPlanner().graph(of: join(), for: .blocks()).result
        != PhysicalPlanner().graph(of: join(.inner, numbers, few), for: .blocks()).result)
  }

  /// Tables that would fill the stores are read by the tasks of their part alone; the order of the left is made again where it shows.
  @Test func aLeftSideIsCutLikeTablesThatAreTooLarge() {
    var context = PlanningContext()
    context.storesBytes = 1
    func lines(_ plan: LogicalPlan, _ result: StageResult) -> [String] { PhysicalPlanner(context).graph(of: plan, for: result).lines }
    let pulled = "range → hash partitions, pulled by hash of the keys"
    #expect(
      lines(join(.left), .blocks()) == [
        pulled, pulled, "hash table → hash tables", "rows + left join → sorted runs, pulled by range of the keys",
        "merge runs + project → blocks",
      ])
    #expect(lines(join(.semi), .partials(Aggregation(keys: [], aggregates: []))).last == "rows + semi join → partial aggregates")
    // Whoever looks at the first rows alone reads few rows of the left.
    #expect(lines(join(), .head(3)).last == "range + join → take, a wave at a time")
  }

  /// What is counted for an offset reads the same tables.
  @Test func countsOfALimitJoinToo() {
    #expect(
      stages(.limit(join(), count: 2, offset: 5)).contains { $0.hasPrefix("range + join → row counts") })
    let limited = PhysicalPlanner().graph(of: .limit(join(), count: 2, offset: 5), for: .blocks())
    let counts = limited.stages.filter { $0.title == "row counts" }
    #expect(counts.count == 1 && counts.allSatisfy { $0.branches.allSatisfy { $0.sides.count == 1 } })
  }
}
