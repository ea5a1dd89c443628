// Numbers parsed several at a time are those parsed one by one, to the last bit, and the same cells are refused.
import CDshKernels
import Testing

@Suite struct CSVNumbersTests {
  /// What a column may look like that has a cell of any kind now and then.
  private static let nasty = [
    "", "-", "+", ".", "-.", "..", "1.", ".5", "-.5", "-5.", "00", "007.5", "-007", "-0", "0", "-0.0", "0.0", "00.1", "1-2", "1.2.3", "--1",
    "+1", " 1",
    "1 ", "1e5", "1E-3", "1.5e300", "nan", "NaN", "inf", "-inf", "Infinity", "NA", "null", "\"12\"", "\"\"", "\"1.5\"", "12a", "a12", "1,5",
    "1/2", "1:2",
    "123456789012345", "-123456789012345", "1234567890123456", "12345678901234567", "9007199254740993", "123456789012345.6",
    "0.123456789012345",
    "1234567.12345678", "-1234567.1234567", "999999999999999", "99999999999999.9", ".99999999999999", "0.00000000000001",
    "9223372036854775807",
    "-9223372036854775808", "9223372036854775808", "18446744073709551616", "0.1234567890123456789012345", "1\r", "1.5\r", "\r", "-\r",
    "1\r2", "é", "1é", "١",
    "2147483648", "4294967296", "100000000", "99999999", "10000000000000.0",
  ].map { Array($0.utf8) }

  private func plain(_ generator: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = Bool.random(using: &generator) ? [] : [UInt8(ascii: "-")]
    let digits = (0..<Int.random(in: 1...14, using: &generator)).map { _ in UInt8.random(in: 48...57, using: &generator) }
    let point = Int.random(in: 0...20, using: &generator)
    text += digits.prefix(point) + (point <= digits.count ? [UInt8(ascii: ".")] : []) + digits.dropFirst(point)
    return text
  }

  private func noise(_ generator: inout SeededGenerator) -> [UInt8] {
    let alphabet = Array("0123456789.-+eE\r \"".utf8) + [0, 47, 58, 0x80, 0xB0, 0xFF]
    return (0..<Int.random(in: 0...20, using: &generator)).map { _ in generator.pick(alphabet) }.filter { $0 != UInt8(ascii: "\n") }
  }

  /// Columns from those of plain numbers alone to those of none, of every length up to a few vectors, and in any order.
  private func forEachColumn(_ body: (CSVRawCells, [[UInt8]]) -> Void) {
    var generator = SeededGenerator(state: 11)
    for round in 0..<1500 {
      let count = round % 40 == 0 ? 300 : Int.random(in: 0...21, using: &generator)
      let oddness = generator.pick([0, 0, 1, 5, 50, 100])
      let texts = (0..<count).map { _ in
        guard Int.random(in: 0..<100, using: &generator) < oddness else { return plain(&generator) }
        return Bool.random(using: &generator) ? generator.pick(Self.nasty) : noise(&generator)
      }
      let order = round % 3 == 0 && count > 0 ? (0..<count).map { _ in Int32.random(in: 0..<Int32(count), using: &generator) } : nil
      let null = generator.pick(["", "NA", "-", "0", "-1", "7.5"])
      body(CSVRawCells(texts, order: order, null: Array(null.utf8), filling: generator.pick(Array("1.-\"\n".utf8))), texts)
    }
  }

  private func note<Value>(_ fast: CSVParsed<Value>, _ slow: CSVParsed<Value>, _ texts: [[UInt8]], _ bits: (Value) -> UInt64) {
    let isSame =
      fast.refused == slow.refused && fast.nulls == slow.nulls && fast.valid == slow.valid && fast.values.map(bits) == slow.values.map(bits)
    if !isSame { Issue.record("\(texts.map { String(decoding: $0, as: UTF8.self) })") }
  }

  @Test func decimalsAreThoseOfThePortableLoop() {
    forEachColumn { cells, texts in
      note(cells.parse(dsh_csv_parse_float64, empty: 0), cells.parse(dsh_csv_parse_float64_portable, empty: 0), texts) { $0.bitPattern }
      // Processors with vectors, but not the longest.
      note(cells.parse(dsh_csv_parse_float64_single, empty: 0), cells.parse(dsh_csv_parse_float64_portable, empty: 0), texts) {
        $0.bitPattern
      }
    }
  }

  @Test func integersAreThoseOfThePortableLoop() {
    forEachColumn { cells, texts in
      note(cells.parse(dsh_csv_parse_int64, empty: 0), cells.parse(dsh_csv_parse_int64_portable, empty: 0), texts) {
        UInt64(bitPattern: $0)
      }
    }
  }

  /// Every plain number is the one that the standard library reads.
  @Test func decimalsAreRoundedRight() {
    var generator = SeededGenerator(state: 12)
    let texts = (0..<20_000).map { _ in plain(&generator) }
    let found = CSVRawCells(texts).parse(dsh_csv_parse_float64, empty: 0, refusals: texts.count)
    let refused = Set(found.refused)
    for (index, text) in texts.enumerated() where !refused.contains(index) {
      let wanted = Double(String(decoding: text, as: UTF8.self))
      if found.values[index].bitPattern != wanted?.bitPattern { Issue.record("\(String(decoding: text, as: UTF8.self))") }
    }
    // Those with a zero too many in front.
    #expect(refused.count < texts.count / 8)
  }
}
