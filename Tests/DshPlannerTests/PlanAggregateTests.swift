// `agg` in stages: partial groups, and an order only where somebody sees it.

import DshColumns
import DshPlan
import Testing

@testable import DshPlanner

@Suite struct PlanAggregateTests {
  private func groups(_ input: LogicalPlan, _ function: String = "sum", _ arguments: [Expression] = [a]) throws -> LogicalPlan {
    .aggregate(input, Aggregation(keys: [NamedExpression("a", a)], aggregates: [try aggregate(function, arguments)]))
  }

  @Test func groupsComeInOrderWhereTheyAreSeen() throws {
    #expect(
      stages(try groups(numbers)) == [
        "range → partial groups, pulled by hash of the keys", "merge groups → sorted runs, pulled by range of the keys",
        "merge runs → blocks",
      ])
  }

  /// Of the groups of several tasks only the first are put in order where no others are shown.
  @Test func theFirstGroupsAreATopN() throws {
    let partials = "range → partial groups, pulled by hash of the keys"
    let tops = "merge groups → top rows, pulled by one task"
    #expect(stages(try groups(numbers), .head(5)) == [partials, tops, "merge first rows → take, a wave at a time"])
    #expect(
      stages(.limit(try groups(numbers), count: 5, offset: 0)) == [
        partials, tops, "merge first rows → limit, a wave at a time", "slices → blocks",
      ])
    let moved = LogicalPlan.project(try groups(numbers), [NamedExpression("b", .column(1, .int64))])
    #expect(stages(moved, .head(5))[1] == tops)
    #expect(stages(try groups(numbers), .head(.max))[1] == "merge groups → sorted runs, pulled by range of the keys")
    #expect(stages(.filter(try groups(numbers), isLarge), .head(5))[1] == "merge groups → sorted runs, pulled by range of the keys")
  }

  /// A sort takes the keys of the groups behind its own, which spares their own order.
  @Test func groupsBelowASortAreInNoOrder() throws {
    let sorted = LogicalPlan.sort(try groups(numbers), [SortColumn(1, descending: true)])
    #expect(
      stages(sorted) == [
        "range → partial groups, pulled by hash of the keys", "merge groups → sorted runs, pulled by range of the keys",
        "merge runs → blocks",
      ])
    #expect(stages(sorted, .head(5))[1] == "merge groups → top rows, pulled by one task")
    // Without their key nothing else tells which of two equal rows comes first.
    let keyless = LogicalPlan.project(try groups(numbers), [NamedExpression("b", .column(1, .int64))])
    #expect(stages(.sort(keyless, [SortColumn(0, descending: true)])).count == 4)
  }

  @Test func nobodyPaysForAnOrderThatIsNotSeen() throws {
    let count = Aggregation(keys: [], aggregates: [try aggregate("count", [])])
    #expect(
      stages(try groups(numbers), .partials(count)) == [
        "range → partial groups, pulled by hash of the keys", "merge groups → partial aggregates",
      ])
    #expect(
      stages(.aggregate(.filter(try groups(numbers), isLarge), count)) == [
        "range → partial groups, pulled by hash of the keys", "merge groups + filter → partial groups", "merge groups → blocks",
      ])
  }

  /// The first of equal rows counts for `arg_max`, so what comes below it is put in order.
  @Test func aggregatesThatSeeAnOrderGetIt() throws {
    let sorted = LogicalPlan.sort(numbers, [SortColumn(0, descending: true)])
    let firsts = try groups(sorted, "arg_max", [a, a])
    #expect(stages(firsts).first == "range → sorted runs, pulled by range of the keys")
    #expect(stages(try groups(sorted)).first == "range → partial groups, pulled by hash of the keys")
  }

  /// Each block has a range of the keys for itself: no hash, and no sort behind it, as the groups are in order.
  @Test func keysThatAscendOverKeptBlocksStayWhereTheyAre() throws {
    let kept = LogicalPlan.stored(try reading())
    func stages(_ plan: LogicalPlan, ascending: Set<Int>) -> [String] {
      let context = PlanningContext(persistedColumnAscends: { kept, column in kept == (try? reading()) && ascending.contains(column) })
      return PhysicalPlanner(context).graph(of: plan, for: .blocks()).lines
    }
    let ranges = ["stored blocks → partial groups, pulled by range of the keys", "merge groups → blocks"]
    #expect(stages(try groups(kept), ascending: [0]) == ranges)
    #expect(stages(try groups(kept), ascending: [1]).count == 3)
    // Through filters and columns that are only moved.
    let moved = LogicalPlan.project(.filter(kept, isLarge), [NamedExpression("b", .column(1, .string)), NamedExpression("a", a)])
    let ofMoved = Aggregation(keys: [NamedExpression("k", .column(1, .int64))], aggregates: [try aggregate("count", [])])
    #expect(stages(.aggregate(moved, ofMoved), ascending: [0]).last == "merge groups → blocks")
    #expect(stages(.aggregate(moved, ofMoved), ascending: [0]).count == 2)
    // Not of a computed key, and not where something between makes another order.
    let computed = Aggregation(keys: [NamedExpression("k", isLarge)], aggregates: [])
    #expect(stages(.aggregate(kept, computed), ascending: [0]).count == 3)
    #expect(stages(try groups(.limit(kept, count: 3, offset: 0)), ascending: [0])[1].contains("hash"))
  }

  @Test func withoutKeysOneTaskMerges() throws {
    let total = LogicalPlan.aggregate(numbers, Aggregation(keys: [], aggregates: [try aggregate("sum")]))
    #expect(stages(total) == ["range → partial groups", "merge groups → blocks"])
  }

  /// The different values of much data are no load for one task; those of little data need no stage of their own.
  @Test func differentValuesOfMuchDataAreCountedApart() throws {
    func stages(_ bytes: Int64, _ call: AggregateCall, keys: [NamedExpression] = []) throws -> [String] {
      PhysicalPlanner().graph(of: .aggregate(try reading(bytes), Aggregation(keys: keys, aggregates: [call])), for: .blocks()).lines
    }
    let distinct = try aggregate("count_distinct")
    #expect(try stages(1 << 30, distinct).filter { $0.contains("merge groups") }.count == 2)
    #expect(try stages(1 << 30, distinct, keys: [NamedExpression("k", a)]).filter { $0.contains("merge groups") }.count == 2)
    #expect(try stages(1 << 20, distinct).filter { $0.contains("merge groups") }.count == 1)
    #expect(try stages(1 << 30, aggregate("mode")).filter { $0.contains("merge groups") }.count == 1)
    var restricted = distinct
    restricted.condition = isLarge
    #expect(try stages(1 << 30, restricted).filter { $0.contains("merge groups") }.count == 1)
  }

  @Test func largeInputsAreCutMoreFinely() throws {
    func partitions(_ bytes: Int64) throws -> Exchange.Method? {
      PhysicalPlanner().graph(of: try groups(try reading(bytes)), for: .blocks()).stages[0].exchange
    }
    #expect(try partitions(1 << 20) == .hash(partitions: 64))
    #expect(try partitions(1 << 31) == .hash(partitions: 128))
    #expect(try partitions(1 << 50) == .hash(partitions: 1024))
  }
}
