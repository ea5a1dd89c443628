// `histogram`: counts between bounds.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct HistogramTests {
  private let bounds = Value.list([.float64(0), .float64(1), .float64(2)])

  @Test func lowerBoundsBelong() throws {
    let values = floats(0, -0.0, 0.5, 1, 2, 2.5, -1, nil, Double.nan)
    #expect(try everySplit("histogram", values, constants: [bounds]) == .list([.int64(3), .int64(2)]))
  }

  @Test func noValues() throws {
    #expect(try everySplit("histogram", floats(), constants: [bounds]) == .list([.int64(0), .int64(0)]))
  }

  @Test func boundsAscend() throws {
    let signature = try #require(AggregateRegistry().signature(of: "histogram"))
    let x = Expression.column(0, .float64)
    for bad: [Double] in [[], [1], [1, 1], [2, 1], [0, .nan]] {
      #expect(signature.call("h", [x], constants: [.list(bad.map { .float64($0) })]) == nil)
    }
    #expect(signature.call("h", [x], constants: [.null]) == nil)
    #expect(signature.call("h", [x], constants: [.list([.float64(0), .null])]) == nil)
    #expect(signature.call("h", [x], constants: [.list((0...1_000).map { .float64(Double($0)) })]) == nil)
  }
}
