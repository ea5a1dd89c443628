// Statistics against a look at every value.

import Testing

@testable import DshColumns

@Suite struct ColumnStatisticsTests {
  private func column(_ type: DataType, _ values: [Value]) -> Column {
    let builder = ColumnBuilder(type: type)
    for value in values { builder.append(value) }
    return builder.finish()
  }

  @Test func numbersNullsAndOrder() {
    let found = ColumnStatistics(of: column(.int64, [.int64(3), .null, .int64(-7), .int64(9)]))
    #expect(found == ColumnStatistics(rowCount: 4, nullCount: 1, least: .int64(-7), greatest: .int64(9)))
    #expect(ColumnStatistics(of: column(.date, [.date(1), .date(1), .date(2)])).isAscending)
    #expect(!ColumnStatistics(of: column(.date, [.date(2), .date(1)])).isAscending)
    #expect(ColumnStatistics(of: column(.timestamp, [.timestamp(.max), .timestamp(.min)])).least == .timestamp(.min))
  }

  @Test func nothingAndNulls() {
    #expect(ColumnStatistics(of: column(.int64, [])).knowsExtremes)
    let nulls = ColumnStatistics(of: column(.float64, [.null, .null]))
    #expect(nulls.nullCount == 2 && nulls.least == nil && nulls.knowsExtremes && !nulls.isAscending)
    #expect(ColumnStatistics(of: column(.null, [.null])).nullCount == 1)
  }

  /// NaN is greater than every number.
  @Test func floats() {
    let found = ColumnStatistics(of: column(.float64, [.float64(.nan), .float64(1), .float64(-.infinity)]))
    #expect(found.least == .float64(-.infinity))
    guard case .float64(let greatest)? = found.greatest else { return #expect(Bool(false)) }
    #expect(greatest.isNaN && !found.isAscending)
    #expect(ColumnStatistics(of: column(.float64, [.float64(1), .float64(1), .float64(2)])).isAscending)
  }

  @Test func truthAndTexts() {
    let truth = ColumnStatistics(of: column(.bool, [.bool(true), .null, .bool(false)]))
    #expect(truth.least == .bool(false) && truth.greatest == .bool(true))
    let plain = ColumnStatistics(of: column(.string, [.string("b"), .string("a")]))
    // Texts laid out plainly are not looked at, and that is known.
    #expect(plain.least == nil ? !plain.knowsExtremes : plain.least == .string("a"))
  }

  @Test(arguments: 0..<20) func seeded(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next() -> Int64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int64(bitPattern: state)
    }
    let values: [Value] = (0..<Int(next() & 255)).map { _ in next() & 7 == 0 ? .null : .int64(next() >> (next() & 63)) }
    let numbers = values.compactMap { value -> Int64? in if case .int64(let number) = value { number } else { nil } }
    let found = ColumnStatistics(of: column(.int64, values))
    #expect(found.rowCount == values.count && found.nullCount == values.count - numbers.count)
    #expect(found.least == numbers.min().map { .int64($0) } && found.greatest == numbers.max().map { .int64($0) })
    #expect(found.isAscending == (!values.isEmpty && numbers.count == values.count && numbers == numbers.sorted()))
  }
}
