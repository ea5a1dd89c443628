// A block that is passed over has no row that would have passed the filter.

import DshColumns
import DshPlan
import Testing

@testable import DshEngine

@Suite struct BlockPruningTests {
  private static let a = Expression.column(0, .int64)
  private static func literal(_ number: Int64) -> Expression { .literal(.int64(number), .int64) }

  private func column(_ values: [Value]) -> Column {
    let builder = ColumnBuilder(type: .int64)
    for value in values { builder.append(value) }
    return builder.finish()
  }

  private func mayPass(_ predicate: Expression, _ column: Column) -> Bool {
    BlockPruning.mayPass([Filter(predicate)], [ColumnStatistics(of: column)], schema: Schema([Field("a", .int64)]))
  }

  @Test func whatIsOutsideIsPassedOver() {
    let block = column([.int64(10), .int64(20)])
    func call(_ name: String, _ bound: Int64) -> Expression { .call(name, [Self.a, Self.literal(bound)], .bool) }
    #expect(!mayPass(call(">", 20), block) && mayPass(call(">=", 20), block))
    #expect(!mayPass(call("<", 10), block) && mayPass(call("<=", 10), block))
    #expect(!mayPass(call("==", 21), block) && mayPass(call("==", 15), block))
    #expect(!mayPass(.call(">", [Self.literal(10), Self.a], .bool), block))
    #expect(!mayPass(.call("between", [Self.a, Self.literal(21), Self.literal(30)], .bool), block))
    #expect(!mayPass(.call("in", [Self.a, Self.literal(1), Self.literal(30)], .bool), block))
    #expect(!mayPass(.call("is_null", [Self.a], .bool), block))
  }

  @Test func whatIsNotKnownIsLookedAt() {
    let block = column([.int64(10), .int64(20)])
    #expect(mayPass(.call("!=", [Self.a, Self.literal(1)], .bool), block))
    #expect(mayPass(.call(">", [Self.a, .literal(.float64(99), .float64)], .bool), block))
    #expect(BlockPruning.mayPass([Filter(.call(">", [Self.a, Self.literal(99)], .bool))], [], schema: Schema([Field("a", .int64)])))
  }

  @Test func whatIsTrueForAllRowsIsLeftOut() {
    func rest(_ predicate: Expression, _ values: [Value]) -> Expression? {
      let steps = BlockPruning.withoutCertainTerms(
        [Filter(predicate)], [ColumnStatistics(of: column(values))], schema: Schema([Field("a", .int64)]))
      return (steps[0] as? Filter)?.predicate
    }
    func call(_ name: String, _ bound: Int64) -> Expression { .call(name, [Self.a, Self.literal(bound)], .bool) }
    let all = Expression.literal(.bool(true), .bool)
    let block: [Value] = [.int64(10), .int64(20)]
    #expect(rest(call(">", 9), block) == all && rest(call(">", 10), block) == call(">", 10))
    #expect(rest(call("<=", 20), block) == all && rest(call("<", 20), block) == call("<", 20))
    #expect(rest(.call("and", [call(">", 9), call("<", 15)], .bool), block) == call("<", 15))
    #expect(rest(.call("between", [Self.a, Self.literal(10), Self.literal(20)], .bool), block) == all)
    #expect(rest(.call("is_not_null", [Self.a], .bool), block) == all)
    #expect(rest(call(">", 9), block + [.null]) == call(">", 9))
    #expect(rest(call("==", 10), [.int64(10)]) == all)
  }

  /// NaN is greater than every number in order, and compares with none.
  @Test func nanIsNoReasonToLeaveATermOut() {
    let predicate = Expression.call(">", [.column(0, .float64), .literal(.float64(1), .float64)], .bool)
    func rest(_ values: [Value]) -> Expression? {
      let builder = ColumnBuilder(type: .float64)
      for value in values { builder.append(value) }
      let steps = BlockPruning.withoutCertainTerms(
        [Filter(predicate)], [ColumnStatistics(of: builder.finish())], schema: Schema([Field("a", .float64)]))
      return (steps[0] as? Filter)?.predicate
    }
    #expect(rest([.float64(2), .float64(.nan)]) == predicate)
    #expect(rest([.float64(2), .float64(3)]) == .literal(.bool(true), .bool))
  }

  /// An error of a row must not be missed.
  @Test func whatCanFailIsLookedAt() {
    let fails = Expression.call(">", [.call("+", [Self.a, Self.literal(.max)], .int64), Self.literal(0)], .bool)
    let outside = Expression.call(">", [Self.a, Self.literal(99)], .bool)
    #expect(mayPass(.call("and", [outside, fails], .bool), column([.int64(1)])))
  }

  @Test func columnsAreFollowedThroughProjections() {
    let block = [ColumnStatistics(rowCount: 1, nullCount: 0), ColumnStatistics(of: column([.int64(5)]))]
    let schema = Schema([Field("x", .string), Field("a", .int64)])
    let swap = Project([NamedExpression("a", .column(1, .int64)), NamedExpression("x", .column(0, .string))])
    #expect(!BlockPruning.mayPass([swap, Filter(.call(">", [Self.a, Self.literal(5)], .bool))], block, schema: schema))
  }

  @Test(arguments: 0..<300) func neverWrong(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    func number() -> Int64 { Int64.random(in: -4...4, using: &random) }
    func condition(_ depth: Int) -> Expression {
      switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &random) {
      case 0...3:
        let name = ["<", "<=", ">", ">=", "==", "!="].randomElement(using: &random) ?? "<"
        let operands = [Self.a, Self.literal(number())]
        return .call(name, Bool.random(using: &random) ? operands : operands.reversed(), .bool)
      case 4: return .call("between", [Self.a, Self.literal(number()), Self.literal(number())], .bool)
      case 5: return .call("in", [Self.a, Self.literal(number()), Self.literal(number())], .bool)
      case 6: return .call(Bool.random(using: &random) ? "is_null" : "is_not_null", [Self.a], .bool)
      case 7: return .call("and", [condition(depth - 1), condition(depth - 1)], .bool)
      default: return .call("or", [condition(depth - 1), condition(depth - 1)], .bool)
      }
    }
    let block = column(
      (0..<Int.random(in: 1...5, using: &random)).map { _ in Int.random(in: 0..<5, using: &random) == 0 ? .null : .int64(number()) })
    let predicate = condition(3)
    let selection = try CompiledExpression(predicate, inputs: [.int64]).evaluateSelection([block], rowCount: block.count)
    let schema = Schema([Field("a", .int64)])
    let steps = BlockPruning.withoutCertainTerms([Filter(predicate)], [ColumnStatistics(of: block)], schema: schema)
    let rest = try #require(steps[0] as? Filter).predicate
    let same = try CompiledExpression(rest, inputs: [.int64]).evaluateSelection([block], rowCount: block.count)
    #expect((0..<block.count).allSatisfy { same[$0] == selection[$0] })
    guard !mayPass(predicate, block) else { return }
    #expect(selection.setCount == 0)
  }
}
