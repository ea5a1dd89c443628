// `all`: whether each is true.

import DshColumns
import Testing

@Suite struct AllTests {
  @Test func nullsAreSkipped() throws {
    #expect(try everySplit("all", bools(true, false, true)) == .bool(false))
    #expect(try everySplit("all", bools(nil, true)) == .bool(true))
    #expect(try everySplit("all", bools()) == .null)
    #expect(resultType("all", .string) == nil)
  }
}
