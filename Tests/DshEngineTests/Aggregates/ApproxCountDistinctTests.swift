// `approx_count_distinct`: near the truth, and the same however rows are split.

import DshColumns
import Testing

@Suite struct ApproxCountDistinctTests {
  private func numbers(_ count: Int, times: Int = 1) -> Column {
    column(.int64, (0..<count * times).map { .int64(Int64($0 % count)) })
  }

  private func estimate(_ column: Column, batchRows: Int = .max) throws -> Int64 {
    guard
      case .int64(let count) = try global([call("approx_count_distinct", column.type)], [column], batchRows: batchRows, batchesPerTask: 1)[
        0]
    else { return -1 }
    return count
  }

  /// Five standard errors, and no more than one off among few.
  @Test(arguments: [0, 1, 2, 10, 100, 400, 511, 512, 600, 5_000, 40_000]) func isNear(count: Int) throws {
    let found = try estimate(numbers(count, times: 2))
    #expect(abs(Double(found) - Double(count)) <= max(1, Double(count) * 0.08), "\(found) of \(count)")
    #expect(try estimate(numbers(count, times: 2), batchRows: 300) == found)
  }

  @Test func texts() throws {
    let column = column(.string, (0..<3_000).map { .string("text \($0)") } + [.null])
    #expect(try abs(Double(estimate(column)) - 3_000) <= 240)
  }

  @Test func nulls() throws {
    #expect(try everySplit("approx_count_distinct", integers(nil, 4, nil, 4)) == .int64(1))
    #expect(try everySplit("approx_count_distinct", column(.null, [.null])) == .int64(0))
  }
}
