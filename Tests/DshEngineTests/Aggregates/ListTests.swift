// `list`: all values in order.

import DshColumns
import Testing

@Suite struct ListTests {
  @Test func inOrderWithoutNulls() throws {
    #expect(try everySplit("list", integers(3, nil, 1, 2, 1)) == .list([.int64(3), .int64(1), .int64(2), .int64(1)]))
    #expect(try everySplit("list", texts("a", nil, "", "c")) == .list([.string("a"), .string(""), .string("c")]))
    #expect(try everySplit("list", bools(true, false, nil)) == .list([.bool(true), .bool(false)]))
  }

  @Test func nested() throws {
    let lists = column(.list(.int64), [.list([.int64(1), .null]), .null, .list([])])
    #expect(try everySplit("list", lists) == .list([.list([.int64(1), .null]), .list([])]))
  }

  @Test func noValues() throws {
    #expect(try everySplit("list", integers()) == .null)
    #expect(try everySplit("list", integers(nil, nil)) == .null)
  }
}
