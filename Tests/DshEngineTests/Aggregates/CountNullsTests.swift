// `count_nulls`: the rows without a value.

import DshColumns
import Testing

@Suite struct CountNullsTests {
  @Test func countsNulls() throws {
    #expect(try everySplit("count_nulls", integers(1, nil, nil)) == .int64(2))
    #expect(try everySplit("count_nulls", integers(1, 2)) == .int64(0))
    #expect(try everySplit("count_nulls", column(.null, [.null, .null])) == .int64(2))
    #expect(try everySplit("count_nulls", integers()) == .int64(0))
  }
}
