// `mode`: the most frequent value, and of several the first.

import DshColumns
import Testing

@Suite struct ModeTests {
  @Test func theFirstOfSeveralWins() throws {
    #expect(try everySplit("mode", integers(7, 3, 3, 7, 1)) == .int64(7))
    #expect(try everySplit("mode", texts("b", "a", nil, nil, nil, "a")) == .string("a"))
    #expect(try everySplit("mode", bools(false, true, true)) == .bool(true))
  }

  @Test func noValues() throws {
    #expect(try everySplit("mode", integers()) == .null)
    #expect(try everySplit("mode", integers(nil)) == .null)
    #expect(try everySplit("mode", column(.null, [.null])) == .null)
  }

  @Test func notANumberEqualsItself() throws {
    guard case .float64(let mode) = try everySplit("mode", floats(1, Double.nan, Double.nan)) else { return #expect(Bool(false)) }
    #expect(mode.isNaN)
  }
}
