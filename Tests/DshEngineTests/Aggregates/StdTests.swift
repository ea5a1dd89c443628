// `std`: of a sample, with n - 1.

import DshColumns
import Testing

@Suite struct StdTests {
  @Test func nullsAreSkipped() throws {
    let expected: [Value] = [.float64(13.0.squareRoot())]
    #expect(try global([call("std", .int64)], [integers(1, nil, 3, 8)]) == expected)
    #expect(try global([call("std", .float64)], [floats(1, nil, 3, 8)], batchRows: 1, batchesPerTask: 1) == expected)
  }

  @Test func needsTwoValues() throws {
    #expect(try global([call("std", .float64)], [floats(3, nil)]) == [.null])
    #expect(try global([call("std", .null)], [column(.null, [.null, .null])]) == [.null])
  }

  @Test func types() {
    for type in [DataType.int64, .float64, .null] { #expect(resultType("std", type) == .float64) }
    for type in [DataType.bool, .string, .date] { #expect(resultType("std", type) == nil) }
  }
}
