// `covar_pop`: divided by n.

import DshColumns
import Testing

@Suite struct CovarPopTests {
  @Test func ofRowsWithBoth() throws {
    #expect(try everySplit("covar_pop", floats(1, 3), floats(2, 6)) == .float64(2))
    #expect(try everySplit("covar_pop", floats(1), floats(2)) == .float64(0))
    #expect(try everySplit("covar_pop", floats(), floats()) == .null)
  }
}
