// `distinct_summary`: exact up to a limit, an estimate beyond, whatever the splits.

import DshColumns
import Testing

@Suite struct DistinctSummaryTests {
  private func members(_ value: Value) -> [Value] { if case .structure(_, let members) = value { members } else { [] } }

  @Test func fewValuesAreCountedOneByOne() throws {
    #expect(try members(everySplit("distinct_summary", texts("b", "a", nil, "a"))) == [.int64(2), .bool(true), .string("a"), .int64(2)])
    #expect(try members(everySplit("distinct_summary", integers(7, 3, 3, 7))) == [.int64(2), .bool(true), .int64(7), .int64(2)])
    #expect(try members(everySplit("distinct_summary", integers(nil))) == [.int64(0), .bool(true), .null, .null])
    #expect(try members(everySplit("distinct_summary", column(.null, [.null]))) == [.int64(0), .bool(true), .null, .null])
  }

  @Test func manyValuesAreEstimated() throws {
    let limit = 10_000
    let numbers = (0..<(limit * 2)).map { Value.int64(Int64($0 % limit)) }
    #expect(try members(everySplit("distinct_summary", column(.int64, numbers)))[0...1] == [.int64(Int64(limit)), .bool(true)])
    let more = members(try everySplit("distinct_summary", column(.int64, numbers + (0..<limit).map { .int64(Int64(-1 - $0)) })))
    guard case .int64(let estimate) = more[0] else { return #expect(Bool(false)) }
    #expect(estimate > Int64(limit * 2) * 95 / 100 && estimate < Int64(limit * 2) * 105 / 100)
    #expect(more[1...] == [.bool(false), .null, .null])
  }

  @Test func anEstimateIsNoMoreThanTheValues() throws {
    let numbers = (0...10_000).map { Value.int64(Int64($0) * 7) }
    #expect(try members(everySplit("distinct_summary", column(.int64, numbers)))[0...1] == [.int64(10_001), .bool(false)])
  }
}
