// `last`: the last row of the dataset, null or not.

import DshColumns
import Testing

@Suite struct LastTests {
  @Test func nullsCount() throws {
    #expect(try everySplit("last", integers(4, nil, 3)) == .int64(3))
    #expect(try everySplit("last", texts("b", nil)) == .null)
    #expect(try everySplit("last", texts()) == .null)
  }

  /// Far more rows than are kept for nothing.
  @Test func manyBatches() throws {
    let column = column(.string, (0..<500).map { .string("text \($0)") })
    #expect(try global([call("last", .string)], [column], batchRows: 1) == [.string("text 499")])
  }
}
