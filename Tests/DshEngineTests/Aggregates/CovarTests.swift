// `covar`: of a sample, with n - 1.

import DshColumns
import Testing

@Suite struct CovarTests {
  @Test func ofRowsWithBoth() throws {
    #expect(try everySplit("covar", floats(1, 2, nil, 4), floats(2, 4, 1, 9)) == .float64(5.5))
    #expect(try everySplit("covar", floats(1), floats(2)) == .null)
    #expect(try everySplit("covar", floats(1, 1), floats(2, 3)) == .float64(0))
    #expect(try everySplit("covar", floats(1e200, -1e200), floats(1e-200, -1e-200)) == .float64(2))
  }
}
