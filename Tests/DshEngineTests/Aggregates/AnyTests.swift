// `any`: whether one is true.

import DshColumns
import Testing

@Suite struct AnyTests {
  @Test func nullsAreSkipped() throws {
    #expect(try everySplit("any", bools(nil, false, true)) == .bool(true))
    #expect(try everySplit("any", bools(nil, false)) == .bool(false))
    #expect(try everySplit("any", bools(nil)) == .null)
    #expect(resultType("any", .int64) == nil)
  }
}
