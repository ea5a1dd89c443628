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
    let plain = ColumnStatistics(of: column(.string, [.string("b"), .string("a"), .null, .string("")]))
    #expect(plain.least == .string("") && plain.greatest == .string("b") && plain.knowsExtremes)
  }

  /// Of long texts the bounds are short, enclose all of them, and say that they are none.
  @Test func longTexts() {
    let texts = ["https://a.example/1", "https://a.example/", "https://b.example/long/path", "é" + String(repeating: "ü", count: 20)]
    for order in [texts, texts.reversed()] {
      let found = ColumnStatistics(of: column(.string, order.map { .string($0) }))
      #expect(found.least == .string("https://a.exampl"))
      #expect(found.greatest == .string("é" + String(repeating: "ü", count: 6) + "ý"))
      #expect(!found.isExact && !found.knowsExtremes)
    }
    #expect(TextBounds.successor(of: "a\u{D7FF}") == "a\u{E000}")
    #expect(TextBounds.successor(of: "a\u{10FFFF}\u{10FFFF}") == "b")
    #expect(TextBounds.successor(of: "\u{10FFFF}") == nil)
  }

  /// Texts of all lengths around the words in which they are compared, zeros among their bytes, plain and behind a dictionary.
  @Test(arguments: 0..<40) func boundsOfTexts(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 99
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let characters = ["a", "b", "\0", "é", "\u{10FFFF}", "z"].prefix(2 + next(5))
    let texts = (0..<1 + next(30)).map { _ in (0..<next(20)).map { _ in characters[next(characters.count)] }.joined() }
    let plain = column(.string, texts.flatMap { [Value.string($0)] + (next(5) == 0 ? [.null] : []) })
    let builder = BlockBuilder(schema: Schema([Field("t", .string)]))
    builder.append(Batch(schema: builder.schema, columns: [plain], rowCount: plain.count))
    for column in [plain, builder.finish().columns[0]] {
      let found = ColumnStatistics(of: column)
      guard case .string(let least)? = found.least, case .string(let greatest)? = found.greatest else {
        // Behind a text of the last characters alone there is none.
        #expect(texts.contains { $0.utf8.count > 16 && $0.hasPrefix("\u{10FFFF}\u{10FFFF}") })
        continue
      }
      #expect(least.utf8.count <= 16 && greatest.utf8.count <= 16)
      func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
      for text in texts { #expect(!precedes(text, least) && !precedes(greatest, text), "seed \(seed): \(least) … \(greatest): \(text)") }
      if found.isExact {
        #expect(texts.contains { $0.utf8.elementsEqual(least.utf8) } && texts.contains { $0.utf8.elementsEqual(greatest.utf8) })
      }
    }
  }

  /// Numbers of every width, more and fewer than a kernel takes at once, with and without nulls, NaN and infinities among them.
  @Test(arguments: 0..<60) func numbersOfEveryWidth(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 7
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let count = next(70)
    let hasNulls = next(2) == 0
    let ascends = next(3) == 0
    var numbers = (0..<count).map { _ in Double(next(2000) - 1000) / 8 }
    if ascends { numbers.sort() }
    if next(3) == 0 { for index in numbers.indices where next(6) == 0 { numbers[index] = [.nan, .infinity, -.infinity][next(3)] } }
    let floats: [Value] = numbers.map { hasNulls && next(8) == 0 ? .null : .float64($0) }
    let days: [Value] = numbers.map { hasNulls && next(8) == 0 ? .null : .date($0.isFinite ? Int32($0 * 8) : 0) }
    let found = ColumnStatistics(of: column(.float64, floats))
    let present = floats.compactMap { value -> Double? in if case .float64(let number) = value { number } else { nil } }
    let finite = present.filter { !$0.isNaN }
    func same(_ value: Value?, _ number: Double?) -> Bool {
      guard case .float64(let own)? = value, let number else { return value == nil && number == nil }
      return own == number || own.isNaN && number.isNaN
    }
    #expect(same(found.least, finite.min() ?? present.first) && same(found.greatest, present.first { $0.isNaN } ?? finite.max()))
    #expect(found.isAscending == (!present.isEmpty && present.count == count && finite.count == count && finite == finite.sorted()))
    let dates = days.compactMap { value -> Int32? in if case .date(let day) = value { day } else { nil } }
    let foundDates = ColumnStatistics(of: column(.date, days))
    #expect(foundDates.least == dates.min().map { .date($0) } && foundDates.greatest == dates.max().map { .date($0) })
    #expect(foundDates.isAscending == (!dates.isEmpty && dates.count == count && dates == dates.sorted()))
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
