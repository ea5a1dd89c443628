// `corr`: over the rows where both are values.

import DshColumns
import Testing

@Suite struct CorrTests {
  @Test func onALine() throws {
    #expect(try everySplit("corr", floats(0.1, 0.2, 0.7, nil, 5), floats(0.2, 0.4, 1.4, 3, nil)) == .float64(1))
    #expect(try everySplit("corr", floats(1, 2, 4), floats(-3, -6, -12)) == .float64(-1))
  }

  @Test func notOnALine() throws {
    #expect(try everySplit("corr", floats(1, 2, 3, 4), floats(1, 3, 2, 4)) == .float64(0.8))
  }

  @Test func fewRows() throws {
    #expect(try everySplit("corr", floats(1, nil), floats(2, 3)) == .null)
    for (x, y) in [(floats(1, 1), floats(2, 3)), (floats(1, .infinity), floats(2, 3)), (floats(1, 2), floats(Double.nan, 3))] {
      guard case .float64(let corr) = try everySplit("corr", x, y) else { return #expect(Bool(false)) }
      #expect(corr.isNaN)
    }
  }

  /// Sums of products of any doubles hold every digit.
  @Test func extremes() throws {
    let x = floats(1e300, 1e-300, -1e300, 3)
    #expect(try everySplit("corr", x, x) == .float64(1))
    #expect(try everySplit("corr", floats(1e16, 1e16 + 2, 1e16 + 4), floats(1, 2, 3)) == .float64(1))
  }
}
