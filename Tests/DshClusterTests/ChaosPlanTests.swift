// What a seed lets happen to nodes.

import DshColumns
import Testing

@testable import DshCluster

struct ChaosPlanTests {
  /// What happens in so many steps of statements with so many steps each.
  private func actions(seed: UInt64, statements: Int, steps: Int, nodes: [NodeIndex] = [1, 2, 3]) -> [[ChaosPlan.Action]] {
    var plan = ChaosPlan(seed: seed)
    return (0..<statements).map { _ in
      defer { plan.statementEnded() }
      return (0..<steps).compactMap { plan.step(at: nodes.first, among: nodes, now: Int64($0)) }
    }
  }

  @Test func aSeedRepeats() {
    #expect(actions(seed: 7, statements: 50, steps: 9) == actions(seed: 7, statements: 50, steps: 9))
    #expect(actions(seed: 7, statements: 50, steps: 9) != actions(seed: 8, statements: 50, steps: 9))
  }

  @Test func statementsMeetWithLittleEnoughToEnd() {
    let statements = actions(seed: 1, statements: 200, steps: 500)
    #expect(statements.allSatisfy { $0.count == ChaosPlan.limit })
    #expect(ChaosPlan.limit < GraphRunner.lossLimit)
  }

  @Test func shortStatementsAreHitToo() {
    let statements = actions(seed: 2, statements: 1000, steps: 4)
    #expect(statements.count { !$0.isEmpty } > 300)
  }

  @Test func nobodyIsThereToDie() {
    #expect(actions(seed: 3, statements: 10, steps: 100, nodes: []).allSatisfy { $0.isEmpty })
  }

  @Test func whoIsStoppedGoesOn() throws {
    var plan = ChaosPlan(seed: 4)
    var victim: NodeIndex?
    while victim == nil {
      if case .stop(let node) = plan.step(at: nil, among: [1, 2], now: 100) { victim = node }
      plan.statementEnded()
    }
    let next = try #require(plan.nextLook)
    #expect(next > 100)
    #expect(plan.look(now: next - 1).isEmpty)
    let stopped = try #require(victim)
    #expect(plan.look(now: next) == [stopped])
    #expect(plan.nextLook == nil)
  }

  @Test func whoDiedDoesNotGoOn() {
    var plan = ChaosPlan(seed: 5)
    while plan.nextLook == nil {
      _ = plan.step(at: nil, among: [1], now: 0)
      plan.statementEnded()
    }
    plan.nodeEnded(1)
    #expect(plan.look(now: .max).isEmpty)
  }
}
