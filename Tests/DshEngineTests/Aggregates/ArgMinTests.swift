// `arg_min`: the first row with the least value.

import DshColumns
import Testing

@Suite struct ArgMinTests {
  @Test func firstOfTheLeastWins() throws {
    let names = texts("a", "b", "c", "d")
    #expect(try everySplit("arg_min", names, integers(3, 1, 1, 2)) == .string("b"))
    #expect(try everySplit("arg_min", names, texts("z", nil, "b", "bb")) == .string("c"))
    #expect(try everySplit("arg_min", names, floats(Double.nan, 2, -.infinity, 0)) == .string("c"))
    #expect(try everySplit("arg_min", names, bools(nil, nil, nil, true)) == .string("d"))
  }

  @Test func nulls() throws {
    #expect(try everySplit("arg_min", texts(nil, "b"), integers(1, 2)) == .null)
    #expect(try everySplit("arg_min", texts("a", "b"), integers(nil, nil)) == .null)
  }
}
