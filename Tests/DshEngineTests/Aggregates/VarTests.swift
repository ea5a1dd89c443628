// `var`: of a sample, with n - 1.

import DshColumns
import Testing

@Suite struct VarTests {
  @Test func needsTwoValues() throws {
    #expect(try everySplit("var", integers(1, nil, 3, 8)) == .float64(13))
    #expect(try everySplit("var", floats(1, 3, 8)) == .float64(13))
    #expect(try everySplit("var", floats(5)) == .null)
  }

  /// Squares beyond the range of doubles.
  @Test func largeValues() throws {
    #expect(try everySplit("var", floats(1e200, 1e200)) == .float64(0))
    #expect(try everySplit("var", floats(-0x1p500, 0x1p500)) == .float64(0x1p1001))
    #expect(try everySplit("var", floats(-1e200, 1e200)) == .float64(.infinity))
  }
}
