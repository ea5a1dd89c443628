// `max`: of every type that has an order.

import DshColumns
import Testing

@Suite struct MaxTests {
  @Test func everyType() throws {
    let columns: [Column] = [
      texts("b", "a", nil), column(.bool, [.bool(true), .null, .bool(false)]), column(.date, [.date(3), .date(-3), .null]),
      column(.timestamp, [.null, .timestamp(5), .timestamp(4)]), column(.null, [.null, .null, .null]), integers(1, nil, 8),
    ]
    let calls = try columns.indices.map { try call("max", columns[$0].type, $0) }
    let expected: [Value] = [.string("b"), .bool(true), .date(3), .timestamp(5), .null, .int64(8)]
    for batchRows in [1, 3] {
      #expect(try global(calls, columns, batchRows: batchRows) == expected)
      #expect(try global(calls, columns, batchRows: batchRows, batchesPerTask: 1) == expected)
    }
  }

  @Test func notANumberIsLargerThanEveryNumber() throws {
    guard case .float64(let number) = try global([call("max", .float64)], [floats(2, Double.nan, 1)])[0] else {
      return #expect(Bool(false))
    }
    #expect(number.isNaN)
  }

  @Test func longTextsAreLaidOutAnew() throws {
    let texts = (0..<2000).map { String(repeating: "z", count: 1 + $0 % 50) + String(5000 - $0) }
    let columns = [column(.string, texts.map { .string($0) })]
    #expect(try global([call("max", .string)], columns, batchRows: 300) == [.string(texts.max() ?? "")])
  }

  @Test func listsAndStructuresHaveNoOrder() {
    #expect(resultType("max", .list(.int64)) == nil && resultType("max", .structure([Field("a", .int64)])) == nil)
    #expect(resultType("max", .binary) == .binary)
  }
}
