// `count`: rows without an argument, values with one.

import DshColumns
import Testing

@Suite struct CountTests {
  @Test func rowsAndValues() throws {
    let columns = [integers(1, nil, 3, 8), column(.null, [.null, .null, .null, .null])]
    let calls = try [call("count"), call("count", .int64, 0), call("count", .null, 1)]
    for batchRows in [1, 3, 4] { #expect(try global(calls, columns, batchRows: batchRows) == [.int64(4), .int64(3), .int64(0)]) }
    #expect(try global(calls, columns, batchRows: 1, batchesPerTask: 1) == [.int64(4), .int64(3), .int64(0)])
  }

  @Test func everyTypeCanBeCounted() {
    for type in [DataType.int64, .null, .list(.string), .structure([Field("a", .bool)])] { #expect(resultType("count", type) == .int64) }
    #expect(resultType("count") == .int64 && resultType("count", .int64, .int64) == nil)
  }
}
