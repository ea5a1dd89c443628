// `null_share`: of all rows.

import DshColumns
import Testing

@Suite struct NullShareTests {
  @Test func ofAllRows() throws {
    #expect(try everySplit("null_share", integers(1, nil, nil, 4)) == .float64(0.5))
    #expect(try everySplit("null_share", texts("a")) == .float64(0))
    #expect(try everySplit("null_share", texts()) == .null)
  }
}
