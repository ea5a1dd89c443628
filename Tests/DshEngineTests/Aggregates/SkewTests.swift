// `skew`: of a sample, whatever the mean.

import DshColumns
import Testing

@Suite struct SkewTests {
  @Test func symmetric() throws {
    #expect(try everySplit("skew", floats(1, 2, 3, nil)) == .float64(0))
    #expect(try everySplit("skew", floats(1e15 + 1, 1e15 + 2, 1e15 + 3)) == .float64(0))
  }

  /// The shift by a large number, which the values hold exactly, changes nothing.
  @Test func aShiftChangesNothing() throws {
    let result = try everySplit("skew", floats(1, 2, 9, 4))
    #expect(try everySplit("skew", floats(1e12 + 1, 1e12 + 2, 1e12 + 9, 1e12 + 4)) == result)
    guard case .float64(let skew) = result else { return #expect(Bool(false)) }
    #expect(abs(skew - 1.3309377322) < 1e-9)
  }

  @Test func fewValues() throws {
    #expect(try everySplit("skew", floats(1, 2)) == .null)
    guard case .float64(let skew) = try everySplit("skew", floats(1, 1, 1)) else { return #expect(Bool(false)) }
    #expect(skew.isNaN)
  }
}
