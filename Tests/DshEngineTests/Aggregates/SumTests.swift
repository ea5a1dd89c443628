// `sum`: exact on the way, checked at the end.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct SumTests {
  @Test func nullsAreSkipped() throws {
    #expect(try global([call("sum", .int64)], [integers(1, nil, 3, 8)]) == [.int64(12)])
    #expect(try global([call("sum", .int64)], [integers(nil, nil)]) == [.null])
    #expect(try global([call("sum", .bool)], [column(.bool, [.bool(true), .null, .bool(true), .bool(false)])]) == [.int64(2)])
    #expect(try global([call("sum", .null)], [column(.null, [.null])]) == [.null])
  }

  @Test func integersAreExactOnTheWayAndCheckedAtTheEnd() throws {
    #expect(try global([call("sum", .int64)], [integers(.max, 1, -1)]) == [.int64(.max)])
    #expect(try global([call("sum", .int64), call("mean", .int64)], [integers(.min, .max)]) == [.int64(-1), .float64(-0.5)])
    for batchesPerTask in [1, 2] {
      #expect {
        try global([call("sum", .int64)], [integers(.max, 1)], batchRows: 1, batchesPerTask: batchesPerTask)
      } throws: {
        ($0 as? Diagnostic)?.code == .integerOverflow
      }
    }
  }

  @Test func floatsKeepWhatRoundingLoses() throws {
    #expect(try global([call("sum", .float64)], [floats(1e100, 1, -1e100, 1e-3)]) == [.float64(1.001)])
    // 0.1 ten million times is 1,000,000 to the last bit: a plain sum is off by 1.6e-4.
    let tenths = column(.float64, Array(repeating: .float64(0.1), count: 100_000))
    let groups = try GroupedAggregator(Aggregation(keys: [], aggregates: [call("sum", .float64)]), inputs: [.float64])
    for _ in 0..<100 { try groups.update([tenths], rowCount: tenths.count) }
    #expect(try groups.finish().row(0) == [.float64(1_000_000)])
  }

  @Test func infinitiesWin() throws {
    #expect(try global([call("sum", .float64)], [floats(1, Double.infinity)]) == [.float64(.infinity)])
  }

  @Test func types() {
    #expect(resultType("sum", .int64) == .int64 && resultType("sum", .bool) == .int64 && resultType("sum", .float64) == .float64)
    #expect(resultType("sum", .null) == .int64)
    for type in [DataType.string, .date, .timestamp, .list(.int64)] { #expect(resultType("sum", type) == nil) }
    #expect(resultType("sum") == nil)
  }
}
