// `approx_quantile`: near the exact quantile, the same however rows are split.

import DshColumns
import DshPlan
import Testing

@Suite struct ApproxQuantileTests {
  private func quantile(_ share: Double, _ values: [Double], batchRows: Int = .max) throws -> Value {
    try global(
      [call("approx_quantile", .column(0, .float64), constants: [.float64(share)])], [column(.float64, values.map { .float64($0) })],
      batchRows: batchRows, batchesPerTask: 1)[0]
  }

  @Test(arguments: [0, 0.01, 0.25, 0.5, 0.9, 0.999, 1]) func isNear(share: Double) throws {
    let values = (0..<5_001).map { Double(($0 * 7_919) % 5_001) * 1.7 - 2_000 }
    guard case .float64(let found) = try quantile(share, values) else { return #expect(Bool(false)) }
    let exact = values.sorted()[Int((share * 5_000).rounded())]
    #expect(abs(found - exact) <= abs(exact) / 256, "\(found) for \(exact)")
    #expect(try quantile(share, values, batchRows: 77) == .float64(found))
  }

  @Test func fewValues() throws {
    #expect(try quantile(0.5, []) == .null)
    #expect(try quantile(0.5, [-0.0]) == .float64(0))
    #expect(try quantile(1, [1, .infinity]) == .float64(.infinity))
    #expect(try quantile(0, [-.infinity, 0]) == .float64(-.infinity))
    #expect(try everySplit("approx_quantile", floats(3, nil, 2, 1), constants: [.float64(0.5)]) == .float64(2))
  }
}
