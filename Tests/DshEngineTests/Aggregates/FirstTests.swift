// `first`: the first row of the dataset, null or not.

import DshColumns
import Testing

@Suite struct FirstTests {
  @Test func nullsCount() throws {
    #expect(try everySplit("first", integers(4, nil, 3)) == .int64(4))
    #expect(try everySplit("first", texts(nil, "b")) == .null)
    #expect(try everySplit("first", texts()) == .null)
  }

  @Test func everyType() throws {
    let lists = column(.list(.string), [.list([.string("a")]), .null])
    #expect(try everySplit("first", lists) == .list([.string("a")]))
    for type in [DataType.bool, .null, .date, .structure([Field("a", .int64)])] { #expect(resultType("first", type) == type) }
  }
}
