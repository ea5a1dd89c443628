// `count_distinct`: exact for every type, and what is equal as a key counts once.

import DshColumns
import Testing

@Suite struct CountDistinctTests {
  @Test func everyType() throws {
    #expect(try everySplit("count_distinct", integers(3, nil, 3, 5, 3)) == .int64(2))
    #expect(try everySplit("count_distinct", texts("a", "b", nil, "a", "")) == .int64(3))
    #expect(try everySplit("count_distinct", bools(true, nil, true)) == .int64(1))
    let lists = column(.list(.int64), [.list([.int64(1)]), .list([]), .list([.int64(1)]), .null, .list([.null])])
    #expect(try everySplit("count_distinct", lists) == .int64(3))
  }

  @Test func zerosAreOneAndSoIsNaN() throws {
    #expect(try everySplit("count_distinct", floats(0, -0.0, Double.nan, -Double.nan, 1)) == .int64(3))
  }

  @Test func noValues() throws {
    #expect(try everySplit("count_distinct", integers()) == .int64(0))
    #expect(try everySplit("count_distinct", integers(nil, nil)) == .int64(0))
    #expect(try everySplit("count_distinct", column(.null, [.null])) == .int64(0))
  }
}
