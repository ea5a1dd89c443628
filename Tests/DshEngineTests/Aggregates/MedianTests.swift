// `median`: the quantile in the middle.

import DshColumns
import Testing

@Suite struct MedianTests {
  @Test func betweenTwoIsTheirMean() throws {
    #expect(try everySplit("median", floats(3, nil, 1, 10)) == .float64(3))
    #expect(try everySplit("median", floats(4, 1)) == .float64(2.5))
    #expect(try everySplit("median", floats(nil)) == .null)
    #expect(resultType("median", .string) == nil)
  }
}
