// `distinct` in stages: first rows of each task, then of each partition, and an order only where somebody sees it.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanDistinctTests {
  private let distinct = LogicalPlan.operation(Operation(Distinct([0])), [numbers])

  @Test func rowsComeInTheOrderOfTheDataset() {
    #expect(
      stages(distinct) == [
        "range → first rows, pulled by hash of the keys", "distinct → sorted runs, pulled by range of the keys",
        "merge runs + project → blocks",
      ])
  }

  @Test func nobodyPaysForAnOrderThatIsNotSeen() throws {
    let count = Aggregation(keys: [], aggregates: [try aggregate("count", [])])
    #expect(
      stages(distinct, .partials(count)) == ["range → first rows, pulled by hash of the keys", "distinct + project → partial aggregates"])
  }

  /// Which of equal rows is the first shows only in columns that are not compared.
  @Test func theOrderBelowIsMadeOnlyWhereItShows() throws {
    let count = Aggregation(keys: [], aggregates: [try aggregate("count", [])])
    let sorted = LogicalPlan.sort(try reading(), [SortColumn(1, descending: true)])
    let wholeRows = stages(.operation(Operation(Distinct([0, 1])), [sorted]), .partials(count))
    #expect(wholeRows.first == "read → first rows, pulled by hash of the keys")
    let firstOfKey = stages(.operation(Operation(Distinct([0])), [sorted]), .partials(count))
    #expect(firstOfKey.first == "read → sorted runs, pulled by range of the keys")
  }

  /// A step with a file of its own is run by somebody.
  @Test func everyOperationIsPlanned() {
    for operation in OperationRegistry.all { #expect(operation is any PlannedOperation.Type, "\(operation.name)") }
  }
}
