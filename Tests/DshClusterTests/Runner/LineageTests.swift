// Nodes that die at every step of every stage: the rows are the same, and what was handed over is handed over once.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshPlanner
import Testing

@testable import DshCluster

@Suite struct LineageTests {
  private static let a = Expression.column(0, .int64)

  private static func call(_ name: String, _ left: Expression, _ right: Int64, _ type: DataType = .int64) -> Expression {
    .call(name, [left, .literal(.int64(right), .int64)], type)
  }

  private static func aggregate(_ name: String, _ arguments: [Expression]) -> AggregateCall {
    guard let call = AggregateRegistry().signature(of: name)?.call(name, arguments) else { preconditionFailure("an aggregate \(name)") }
    return call
  }

  private static func range(_ end: Int64, blocks: Int) -> LogicalPlan { .range(start: 0, end: end, step: 1, blocks: blocks) }

  private static func groups(_ input: LogicalPlan, by divisor: Int64, _ calls: [AggregateCall]) -> LogicalPlan {
    .aggregate(input, Aggregation(keys: [NamedExpression("k", call("%", a, divisor))], aggregates: calls))
  }

  /// Plans that together use every kind of stage.
  static let plans: [LogicalPlan] = {
    let numbers = range(60, blocks: 4)
    let filtered = LogicalPlan.filter(numbers, call(">", a, 17, .bool))
    let mapped = LogicalPlan.project(filtered, [NamedExpression("m", call("*", a, 3)), NamedExpression("id", a)])
    let down = [SortColumn(0, descending: true)]
    let sum = aggregate("sum", [a])
    let count = aggregate("count", [])
    return [
      numbers, filtered, mapped,
      .limit(filtered, count: 9, offset: 0), .limit(filtered, count: 9, offset: 13), .limit(numbers, count: 5, offset: 40),
      .sort(mapped, down), .limit(.sort(mapped, down), count: 4, offset: 0), .limit(.sort(numbers, down), count: 4, offset: 3),
      groups(numbers, by: 7, [sum, count]), groups(filtered, by: 3, [aggregate("arg_max", [a, a])]),
      .aggregate(numbers, Aggregation(keys: [], aggregates: [sum, count])),
      .sort(groups(numbers, by: 5, [sum]), [SortColumn(1, descending: true)]),
      groups(groups(numbers, by: 11, [sum]), by: 2, [count]),
      .union([numbers, filtered]), .limit(.union([filtered, numbers]), count: 50, offset: 0),
      .sort(.union([numbers, range(5, blocks: 2)]), down),
      .filter(groups(numbers, by: 9, [count]), call(">", a, 3, .bool)),
      .project(.limit(mapped, count: 20, offset: 5), [NamedExpression("x", a)]),
      .limit(.sort(groups(.union([numbers, numbers]), by: 13, [sum]), down), count: 6, offset: 0),
      .operation(
        Operation(Distinct([0])),
        [.project(.union([numbers, filtered]), [NamedExpression("d", call("%", a, 23)), NamedExpression("id", a)])]),
    ] + placed(numbers, filtered)
  }()

  /// Plans whose rows depend on those of the tasks before, or are put together by their places.
  private static func placed(_ numbers: LogicalPlan, _ filtered: LogicalPlan) -> [LogicalPlan] {
    func step(_ operation: any LogicalOperation, _ inputs: LogicalPlan...) -> LogicalPlan { .operation(Operation(operation), inputs) }
    let gaps = LogicalPlan.project(
      filtered, [NamedExpression("x", .call("if", [call("==", call("%", a, 10), 3, .bool), a, .literal(.null, .int64)], .int64))])
    return [
      step(RowNumber("n", from: 1), .union([filtered, numbers])), step(Sample(from: 0.2, to: 0.6, seed: 1), filtered),
      .sort(step(RandomKey("r", seed: 2), filtered), [SortColumn(1, descending: false)]), step(Tail(11), filtered),
      step(FillForward([0], keys: []), gaps), step(Repartition(.blocks(3), keys: []), filtered),
      step(Repartition(.blocks(3), keys: [0]), filtered), step(Zip(ExpressionOrigin()), filtered, step(Tail(42), numbers)),
      step(
        TopPerKey(2, by: [SortColumn(0, descending: true)], per: [1]),
        .project(
          numbers, [NamedExpression("id", a), NamedExpression("k", call("%", a, 7))])),
    ]
  }

  /// What a run gave, and how it came about.
  private struct Run {
    var rows: [[Value]]
    /// Tasks that handed over a part of the text, in order.
    var parts: [Int]
    var steps: Int
    var deaths: Int
  }

  private enum Way: CaseIterable { case head, all, text, kept }

  private func run(_ plan: LogicalPlan, _ way: Way, deaths: Set<SimulatedCluster.Death> = [], seed: UInt64 = 1) throws -> Run {
    let cluster = try SimulatedCluster(nodes: 3, seed: seed, deaths: deaths)
    let runner = GraphRunner(cluster: cluster)
    var parts: [Int] = []
    let report = try runner.statement {
      switch way {
      case .head: return try runner.head(runner.graph(of: plan, for: .head(1000)), count: 1000)
      case .all: return try runner.all(runner.graph(of: plan, for: .blocks()), limitBytes: nil)
      case .text:
        var report = try runner.text(runner.graph(of: plan, for: .text(format: "csv"))) { part in parts.append(part.index) }
        report.rows = .empty(plan.schema)
        return report
      case .kept:
        try runner.keep(plan, runner.graph(of: plan, for: .kept(title: "persist")), .memory)
        return try runner.all(runner.graph(of: .stored(plan), for: .blocks()), limitBytes: nil)
      }
    }
    let rows = (0..<report.rows.rowCount).map { report.rows.row($0) }
    return Run(
      rows: way == .text ? [[.int64(Int64(report.totalRows ?? -1))]] : rows, parts: parts, steps: cluster.steps,
      deaths: cluster.deaths.count)
  }

  @Test(arguments: plans.indices) func aDeathAtAnyStepChangesNoRow(plan index: Int) throws {
    let plan = Self.plans[index]
    var runs = 0
    for way in Way.allCases {
      let undisturbed = try run(plan, way)
      #expect(undisturbed.deaths == 0)
      #expect(undisturbed.parts == Array(undisturbed.parts.indices), "each part once, in order")
      for step in 0..<undisturbed.steps {
        for node in 1...3 {
          let disturbed = try run(plan, way, deaths: [SimulatedCluster.Death(step: step, node: node)])
          #expect(disturbed.deaths == 1)
          #expect(disturbed.rows == undisturbed.rows, "plan \(index), \(way), node \(node) died at step \(step)")
          #expect(disturbed.parts == undisturbed.parts, "plan \(index), \(way), node \(node) died at step \(step)")
          runs += 1
        }
      }
    }
    #expect(runs > 40)
  }

  /// Several nodes at several moments, from a seed.
  @Test(arguments: 0..<40) func manyDeathsChangeNoRow(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let plan = Self.plans[seed % Self.plans.count]
    let undisturbed = try run(plan, .all)
    let deaths = Set(
      (0..<3).map { _ in
        SimulatedCluster.Death(step: Int.random(in: 0..<undisturbed.steps, using: &random), node: Int.random(in: 1...3, using: &random))
      })
    #expect(try run(plan, .all, deaths: deaths, seed: UInt64(seed)).rows == undisturbed.rows)
  }

  /// Groups by a key that ascends over kept blocks, which are lost with the nodes that hold them.
  @Test func groupsOfKeptBlocks() throws {
    let kept = LogicalPlan.project(
      Self.range(60, blocks: 4), [NamedExpression("k", Self.call("//", Self.a, 7)), NamedExpression("id", Self.a)])
    let sums = LogicalPlan.aggregate(
      .stored(kept),
      Aggregation(keys: [NamedExpression("k", Self.a)], aggregates: [Self.aggregate("sum", [.column(1, .int64)])]))
    func rows(_ deaths: Set<SimulatedCluster.Death>) throws -> (rows: [[Value]], steps: Int) {
      let cluster = try SimulatedCluster(nodes: 3, seed: 1, deaths: deaths)
      let runner = GraphRunner(cluster: cluster)
      try runner.statement { try runner.keep(kept, runner.graph(of: kept, for: .kept(title: "persist")), .memory) }
      let report = try runner.statement {
        let graph = runner.graph(of: sums, for: .blocks())
        #expect(graph.lines == ["stored blocks → partial groups, pulled by range of the keys", "merge groups → blocks"])
        return try runner.all(graph, limitBytes: nil)
      }
      return ((0..<report.rows.rowCount).map { report.rows.row($0) }, cluster.steps)
    }
    let expected = (0..<9).map { (k: Int64) -> [Value] in
      let ids: [Int64] = Array(k * 7..<min(60, k * 7 + 7))
      return [.int64(k), .int64(ids.reduce(0, +))]
    }
    let undisturbed = try rows([])
    #expect(undisturbed.rows == expected)
    for step in 0..<undisturbed.steps {
      for node in 1...3 {
        #expect(try rows([SimulatedCluster.Death(step: step, node: node)]).rows == expected, "node \(node) died at \(step)")
      }
    }
  }

  /// Only what was lost is made again.
  @Test func whatIsThereIsNotMadeAgain() throws {
    let plan = Self.groups(Self.range(60, blocks: 6), by: 7, [Self.aggregate("count", [])])
    let cluster = try SimulatedCluster(nodes: 3, seed: 1)
    let runner = GraphRunner(cluster: cluster)
    let graph = runner.graph(of: plan, for: .blocks())
    let first = try runner.statement { () -> [StageWork] in
      _ = try runner.blocks(graph)
      return runner.work(of: graph)
    }
    #expect(first.map(\.tasks) == [6, 0, 1])
    let second = try runner.statement { () -> [StageWork] in
      _ = try runner.blocks(graph)
      return runner.work(of: graph)
    }
    #expect(second.map(\.tasks) == [0, 0, 0] && second.map(\.reused) == [6, 0, 1])
  }
}
