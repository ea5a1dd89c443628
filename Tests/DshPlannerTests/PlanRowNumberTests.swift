// What depends on the places of rows, in stages: counts first, unless they are known or only first rows are wanted.

import DshColumns
import DshEngine
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanRowNumberTests {
  private func numbered(_ plan: LogicalPlan) -> LogicalPlan { .operation(Operation(RowNumber("n", from: 1)), [plan]) }

  @Test func rowsAreCountedAsTheyComeToTheStep() throws {
    let filtered = LogicalPlan.project(.filter(try reading(), isLarge), [NamedExpression("a", a)])
    #expect(
      stages(numbered(filtered)) == ["read + filter → row counts", "read + filter + project + row numbers → blocks"])
  }

  /// A second number counts rows that depend on the first.
  @Test func numbersOfNumbers() throws {
    let twice = numbered(.filter(numbered(try reading()), .call(">", [.column(2, .int64), .literal(.int64(5), .int64)], .bool)))
    #expect(
      stages(twice) == [
        "read → row counts", "read + row numbers + filter → row counts", "read + row numbers + filter + row numbers → blocks",
      ])
  }

  @Test func branchesAreCountedThrough() throws {
    let both = LogicalPlan.union([.project(try reading(), [NamedExpression("id", a)]), numbers])
    let graph = PhysicalPlanner().graph(of: numbered(both), for: .blocks())
    #expect(graph.result.branches.map { $0.preceding.map(\.branch) } == [[0], [1]])
    #expect(Set(graph.result.branches.flatMap(\.preceding).map(\.stage)).count == 1)
    #expect(graph.stages.count == 2)
  }

  @Test func firstRowsNeedNoOthers() throws {
    #expect(
      stages(numbered(.filter(try reading(), isLarge)), .head(3)) == [
        "read + filter → limit, a wave at a time", "slices → row counts", "slices + row numbers → take, a wave at a time",
      ])
    // Where counts are known, nothing is gained by a stage of its own.
    #expect(stages(numbered(numbers), .head(3)) == ["range → row counts", "range + row numbers → take, a wave at a time"])
  }

  /// The same rows behind other ones have other numbers.
  @Test func whatStandsBeforeIsPartOfTheIdentity() throws {
    let plan = try reading()
    let behind = LogicalPlan.union([.project(numbers, [NamedExpression("a", a), NamedExpression("b", .literal(.null, .string))]), plan])
    let alone = PhysicalPlanner().graph(of: numbered(plan), for: .blocks()).result.branches[0]
    let second = PhysicalPlanner().graph(of: numbered(behind), for: .blocks()).result.branches[1]
    #expect(alone.input.schema == second.input.schema)
    #expect(alone != second)
  }

  @Test func tailIsAWindow() throws {
    #expect(
      stages(.operation(Operation(Tail(3)), [try reading()])) == ["read → row counts", "read → tail", "slices → blocks"])
  }

  @Test func aWindowEndsWhereTheRowsEnd() {
    #expect(RowWindow.last(3).range(of: 10) == 7..<10)
    #expect(RowWindow.last(30).range(of: 10) == 0..<10)
    #expect(RowWindow.rows(2..<5).range(of: 3) == 2..<5)
  }
}
