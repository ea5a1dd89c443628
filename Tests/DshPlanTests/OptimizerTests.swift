// Rules change the shape of a plan, never its schema.

import DshColumns
import Testing

@testable import DshPlan

struct OptimizerTests {
  private let source = FileSource(
    label: "x.csv", shapes: [], files: [], schema: Schema([Field("a", .int64), Field("b", .string), Field("c", .float64)]),
    pathColumn: nil,
    blockBytes: 1 << 20)

  private var read: LogicalPlan { .read(source, columns: [0, 1, 2]) }
  private let a = Expression.column(0, .int64)
  private func greater(_ left: Expression, _ right: Int64) -> Expression { .call(">", [left, .literal(.int64(right), .int64)], .bool) }

  @Test func filterMovesBelowProjectionAndColumnsArePruned() {
    let doubled = Expression.call("*", [a, .literal(.int64(2), .int64)], .int64)
    let plan = LogicalPlan.filter(.project(read, [NamedExpression("d", doubled)]), greater(.column(0, .int64), 10))
    let expected = LogicalPlan.project(.filter(.read(source, columns: [0]), greater(doubled, 10)), [NamedExpression("d", doubled)])
    #expect(Optimizer().optimize(plan) == expected)
  }

  @Test func filterReachesEveryInputOfAUnion() {
    let plan = Optimizer().optimize(.filter(.union([read, read]), greater(a, 1)))
    guard case .union(let inputs) = plan else {
      Issue.record("the union is on top")
      return
    }
    #expect(inputs == [.filter(read, greater(a, 1)), .filter(read, greater(a, 1))])
  }

  @Test func filterStaysAboveALimit() {
    let plan = LogicalPlan.filter(.limit(read, count: 5, offset: 0), greater(a, 1))
    #expect(Optimizer().optimize(plan) == plan)
  }

  @Test func limitsOfLimitsBecomeOne() {
    let plan = LogicalPlan.limit(.limit(read, count: 10, offset: 2), count: 20, offset: 3)
    #expect(Optimizer().optimize(plan) == .limit(read, count: 7, offset: 5))
    #expect(Optimizer().optimize(.limit(.limit(read, count: 2, offset: 0), count: 5, offset: 4)) == .limit(read, count: 0, offset: 4))
  }

  /// Years are compared by the dates they begin and end with, wherever the year stands in a condition; nothing else is.
  @Test func yearsAreComparedAsDates() {
    let date = Expression.column(0, .date)
    let moment = Expression.column(1, .timestamp)
    func year(_ argument: Expression) -> Expression { .call("year", [argument], .int64) }
    func number(_ value: Int64) -> Expression { .literal(.int64(value), .int64) }
    func comparison(_ name: String, _ operands: Expression...) -> Expression { .call(name, operands, .bool) }
    func day(_ days: Int32) -> Expression { .literal(.date(days), .date) }
    let from = comparison(">=", date, day(8766))  // 1994-01-01
    let to = comparison("<", date, day(9131))  // 1995-01-01
    let whole = Expression.call("and", [from, to], .bool)
    let other = greater(.column(2, .int64), 3)
    let second = Expression.literal(.timestamp(8766 * 86_400_000_000), .timestamp)
    for (written, meant) in [
      (comparison("==", year(date), number(1994)), whole), (comparison("==", number(1994), year(date)), whole),
      (comparison("in", year(date), number(1994), number(1994)), whole), (comparison(">=", year(date), number(1994)), from),
      (comparison(">", year(date), number(1993)), from), (comparison("<", year(date), number(1995)), to),
      (comparison("<=", year(date), number(1994)), to), (comparison(">", number(1995), year(date)), to),
      (comparison("in", year(date), number(1995), number(1994)), .call("and", [from, comparison("<", date, day(9496))], .bool)),
      (comparison(">=", year(moment), number(1994)), comparison(">=", moment, second)),
      (.call("and", [other, comparison("==", year(date), number(1994))], .bool), .call("and", [other, from, to], .bool)),
      (comparison("not", comparison("<", year(date), number(1995))), comparison("not", to)),
    ] {
      #expect(Optimizer().optimize(.filter(dated, written)) == .filter(dated, meant), "\(written)")
    }
    for untouched in [
      comparison("!=", year(date), number(1994)), comparison("in", year(date), number(1994), number(1996)),
      comparison("==", year(date), .literal(.null, .int64)), comparison("==", year(date), year(moment)),
      comparison("==", year(date), number(.max)), comparison("==", .call("month", [date], .int64), number(4)),
    ] {
      #expect(Optimizer().optimize(.filter(dated, untouched)) == .filter(dated, untouched), "\(untouched)")
    }
  }

  private var dated: LogicalPlan {
    .rows(Schema([Field("d", .date), Field("t", .timestamp), Field("n", .int64)]), [[.null, .null, .null]])
  }

  @Test func countReadsNoColumn() {
    let plan = LogicalPlan.aggregate(read, Aggregation(keys: [], aggregates: [aggregateCall("count", [])]))
    #expect(Optimizer().optimize(plan).inputs == [.read(source, columns: [])])
  }

  @Test func distinctKeepsItsKeys() {
    let plan = LogicalPlan.project(
      .operation(Operation(Distinct([2])), [read]), [NamedExpression("b", .column(1, .string))])
    let expected = LogicalPlan.project(
      .operation(Operation(Distinct([1])), [.read(source, columns: [1, 2])]), [NamedExpression("b", .column(0, .string))])
    #expect(Optimizer().optimize(plan) == expected)
  }

  private func join(_ kind: JoinKind) -> LogicalPlan {
    let columns = kind == .inner || kind == .left ? [Join.RightColumn(1, name: "b2"), Join.RightColumn(2, name: "c2")] : []
    return .operation(Operation(Join(kind, leftKeys: [0], rightKeys: [0], rightColumns: columns)), [read, read])
  }

  /// Conditions go to the side whose columns they read, if a row without them brings nothing forth and they can't fail.
  @Test func conditionsPassBelowAJoin() {
    let right = Expression.call("==", [.column(3, .string), .literal(.string("x"), .string)], .bool)
    let both = Expression.call("<", [.column(2, .float64), .column(4, .float64)], .bool)
    let conditions = Expression.call("and", [greater(a, 1), both, right], .bool)
    let total = Optimizer(without: ["prune-columns"], mayFail: { _, _ in false })
    let moved = right.mapColumns { _, type in .column(1, type) }
    guard case .filter(.operation(_, let inputs), both) = total.optimize(.filter(join(.inner), conditions)) else {
      Issue.record("what reads both sides stays")
      return
    }
    #expect(inputs == [.filter(read, greater(a, 1)), .filter(read, moved)])
    guard case .filter(.operation(_, let kept), let staying) = total.optimize(.filter(join(.left), conditions)) else {
      Issue.record("nulls may stand for the right")
      return
    }
    #expect(kept == [.filter(read, greater(a, 1)), read])
    #expect(staying.columns == [2, 3, 4])
    #expect(total.optimize(.filter(join(.anti), greater(a, 1))).inputs.first == .filter(read, greater(a, 1)))
    let careful = Optimizer(without: ["prune-columns"]).optimize(.filter(join(.inner), greater(a, 1)))
    #expect(careful == .filter(join(.inner), greater(a, 1)), "a row that the join drops must not fail")
  }

  @Test func aJoinReadsItsKeysAndWhatIsWanted() {
    let plan = LogicalPlan.project(join(.inner), [NamedExpression("c2", .column(4, .float64))])
    guard case .project(.operation(let operation, let inputs), _) = Optimizer().optimize(plan) else {
      Issue.record("project over join")
      return
    }
    #expect(inputs == [.read(source, columns: [0]), .read(source, columns: [0, 2])])
    #expect(operation.step as? Join == Join(.inner, leftKeys: [0], rightKeys: [0], rightColumns: [Join.RightColumn(1, name: "c2")]))
  }

  /// A column that says where a row stands is not made where nobody reads it.
  @Test func aNumberThatNobodyReadsIsNotCounted() {
    let numbered = LogicalPlan.operation(Operation(RowNumber("n", from: 1)), [read])
    let plan = LogicalPlan.project(numbered, [NamedExpression("b", .column(1, .string))])
    #expect(Optimizer().optimize(plan) == .read(source, columns: [1]))
    #expect(Optimizer().optimize(numbered) == numbered)
  }

  @Test func columnsBesideElementsArePruned() {
    let list = Expression.call("split", [.column(1, .string), .literal(.string(" "), .string)], .list(.string))
    func elements(_ name: String) -> LogicalPlan { .operation(Operation(Elements(NamedExpression(name, list))), [read]) }
    func pruned(_ name: String) -> Elements {
      Elements(
        NamedExpression(name, .call("split", [.column(0, .string), .literal(.string(" "), .string)], .list(.string))))
    }
    // The elements come last, or in the place of the column of their name, whether that is read or not.
    for (name, place, wanted) in [("w", 3, 1), ("b", 1, 0), ("a", 0, 1)] {
      let plan = LogicalPlan.project(elements(name), [NamedExpression(name, .column(place, .string))])
      let expected = LogicalPlan.project(
        .operation(Operation(pruned(name)), [.read(source, columns: [1])]), [NamedExpression(name, .column(wanted, .string))])
      #expect(Optimizer().optimize(plan).schema == plan.schema)
      if name != "b" { #expect(Optimizer().optimize(plan) == expected) }
    }
  }

  @Test func bothSidesOfAZipArePruned() {
    let zip = LogicalPlan.operation(Operation(Zip(ExpressionOrigin())), [read, read])
    let plan = LogicalPlan.project(zip, [NamedExpression("b", .column(1, .string)), NamedExpression("c", .column(5, .float64))])
    let expected = LogicalPlan.project(
      .operation(Operation(Zip(ExpressionOrigin())), [.read(source, columns: [1]), .read(source, columns: [2])]),
      [NamedExpression("b", .column(0, .string)), NamedExpression("c", .column(1, .float64))])
    #expect(Optimizer().optimize(plan).schema == expected.schema)
    #expect(
      Optimizer().optimize(plan)
        == .operation(Operation(Zip(ExpressionOrigin())), [.read(source, columns: [1]), .read(source, columns: [2])]))
  }

  @Test func sortKeepsItsKeys() {
    let plan = LogicalPlan.project(.sort(read, [SortColumn(2, descending: true)]), [NamedExpression("a", a)])
    let optimized = Optimizer().optimize(plan)
    #expect(optimized.schema == plan.schema)
    guard case .project(.sort(.read(_, let columns), let keys), _) = optimized else {
      Issue.record("project over sort over read: \(optimized)")
      return
    }
    #expect(columns == [0, 2])
    #expect(keys == [SortColumn(1, descending: true)])
  }

  /// In the body of a lambda a computed column would be computed for each element.
  @Test func computedColumnsStayOutOfLambdas() {
    let doubled = Expression.call("*", [a, .literal(.int64(2), .int64)], .int64)
    let list = Expression.literal(.list([.int64(1), .int64(2)]), .list(.int64))
    func any(_ column: Expression) -> Expression {
      .call("list_any", [list, .lambda(first: 0, [.int64], body: .call(">", [.parameter(0, .int64), column], .bool))], .bool)
    }
    let projected = LogicalPlan.project(.read(source, columns: [0]), [NamedExpression("d", doubled)])
    let filtered = LogicalPlan.filter(projected, any(.column(0, .int64)))
    #expect(Optimizer().optimize(filtered) == filtered)
    let mapped = LogicalPlan.project(projected, [NamedExpression("e", any(.column(0, .int64)))])
    #expect(Optimizer().optimize(mapped) == mapped)
    // A column as it is may stand there.
    let renamed = LogicalPlan.filter(.project(read, [NamedExpression("d", a)]), any(.column(0, .int64)))
    let expected = LogicalPlan.project(.filter(.read(source, columns: [0]), any(a)), [NamedExpression("d", a)])
    #expect(Optimizer().optimize(renamed) == expected)
  }

  @Test func rulesCanBeSwitchedOffByName() {
    let plan = LogicalPlan.filter(.project(read, [NamedExpression("a", a)]), greater(a, 1))
    let disabled = Set(Optimizer.ruleNames)
    #expect(Optimizer(without: disabled).optimize(plan) == plan)
  }

  @Test func hundredsOfStagesStayShallow() {
    let one = Expression.literal(.int64(1), .int64)
    var mapped = LogicalPlan.range(start: 0, end: 10, step: 1)
    var filtered = mapped
    for _ in 0..<600 {
      mapped = .project(mapped, [NamedExpression("id", .call("+", [.column(0, .int64), one], .int64))])
      filtered = .filter(filtered, greater(a, 1))
    }
    var plan = Optimizer().optimize(mapped)
    var increments = 0
    while case .project(let input, let columns) = plan {
      #expect(columns[0].expression.depth <= Expression.depthLimit)
      increments += columns[0].expression.depth - 1
      plan = input
    }
    #expect(increments == 600)
    guard case .filter(.range, .call("and", let terms, _, _)) = Optimizer().optimize(filtered) else {
      Issue.record("one filter of all conditions")
      return
    }
    #expect(terms.count == 600)
  }
}
