// `mean`: the quotient of an exact sum.

import DshColumns
import Testing

@Suite struct MeanTests {
  @Test func nullsAreSkipped() throws {
    #expect(try global([call("mean", .int64)], [integers(1, nil, 3, 8)]) == [.float64(4)])
    #expect(try global([call("mean", .float64)], [floats(nil)]) == [.null])
    #expect(try global([call("mean", .bool)], [column(.bool, [.bool(true), .bool(false)])]) == [.float64(0.5)])
  }

  @Test func theSumMayBeLargerThanTheType() throws {
    #expect(try global([call("mean", .int64)], [integers(.max, .max)]) == [.float64(Double(Int64.max))])
  }

  /// One state for both: it is handed on twice and counts once.
  @Test func sharesItsStateWithSum() throws {
    let calls = try [call("mean", .int64), call("sum", .int64), call("mean", .int64)]
    let expected: [Value] = [.float64(4), .int64(12), .float64(4)]
    #expect(try global(calls, [integers(1, nil, 3, 8)], batchRows: 1, batchesPerTask: 1) == expected)
  }

  @Test func types() {
    for type in [DataType.int64, .float64, .bool, .null] { #expect(resultType("mean", type) == .float64) }
    for type in [DataType.string, .date, .timestamp] { #expect(resultType("mean", type) == nil) }
  }
}
