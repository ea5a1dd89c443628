// Texts parsed into codes are the texts that are copied, and a column with too many of them is given up.
import CDshKernels
import DshColumns
import Testing

@testable import DshFormats

@Suite struct CSVDictionaryTests {
  private static let odd = [
    "", "\"\"", "\"", "\"a", "\"a\"\"b\"", "\"N\"", "\"NA\"", "\"\"\"a\"", "\"\"\"a\"\"b\"", "\"a,b\"", "a\"b", "\\N", "NA", "12345678",
    "1234567", "123456789", "1234567890123456",
    "12345678901234567",
    "aaaaaaaabaaaaaaaa", "aaaaaaaacaaaaaaaa", "é", "\0", "\0\0", " a", "a\r", "\r", "\"a\"\r", "\"a\" b",
  ].map { Array($0.utf8) }

  private func cells(_ count: Int, distinct: Int, odd oddness: Int, _ generator: inout SeededGenerator) -> [[UInt8]] {
    (0..<count).map { _ in
      if Int.random(in: 0..<100, using: &generator) < oddness { return generator.pick(Self.odd) }
      let number = Int.random(in: 0..<distinct, using: &generator)
      return Array(
        (distinct <= 30 ? String(UnicodeScalar(UInt8(65 + number))) : number % 3 == 0 ? "\(number)" : "station number \(number)").utf8)
    }
  }

  /// The texts of cells, nil for null, as they are copied one by one.
  private func copied(_ cells: CSVRawCells) -> [[UInt8]?] {
    let capacity = 1 << 20
    var (ends, valid) = ([Int32](repeating: 0, count: cells.count), [UInt8](repeating: 0, count: cells.count))
    var output = [UInt8](repeating: 0, count: capacity)
    var (bytes, nulls) = (Int64(0), Int64(0))
    _ = withUnsafePointer(to: cells.cells) {
      dsh_csv_parse_text($0, 0, Int64(cells.count), &ends, &output, &bytes, Int64(capacity), &valid, &nulls)
    }
    return (0..<cells.count).map { valid[$0] == 0 ? nil : Array(output[($0 == 0 ? 0 : Int(ends[$0 - 1]))..<Int(ends[$0])]) }
  }

  @Test func codesAreThoseOfTheTexts() {
    var generator = SeededGenerator(state: 21)
    for round in 0..<120 {
      let dictionary = CSVDictionary()
      let distinct = generator.pick([1, 3, 30, 200, 250, 260, 400, 1000, 2000])
      // Batches share the dictionary; it grows from codes of one byte to codes of two.
      for _ in 0..<3 {
        let texts = cells(
          round % 5 == 0 ? 5000 : Int.random(in: 0...600, using: &generator), distinct: distinct, odd: round % 10, &generator)
        let order =
          round % 3 == 1 && !texts.isEmpty ? texts.indices.map { _ in Int32.random(in: 0..<Int32(texts.count), using: &generator) } : nil
        let raw = CSVRawCells(texts, order: order, null: Array("NA".utf8), filling: generator.pick(Array("A\"\n".utf8)))
        var seen = raw.cells
        guard let column = dictionary.column(&seen, count: raw.count, scratch: CSVScratch()) else { break }
        let found = (0..<raw.count).map { column.isValid($0) ? Array(column.textBytes(at: $0)) : nil }
        if found != copied(raw) { Issue.record("round \(round), \(distinct) texts") }
      }
    }
  }

  @Test func givesUpWhereTextsHardlyRepeat() {
    for (distinct, isKept) in [(200, true), (1000, true), (4096, true), (4097, false), (8000, false)] {
      let texts = (0..<9000).map { Array("\($0 % distinct)".utf8) }
      let raw = CSVRawCells(texts)
      var cells = raw.cells
      let dictionary = CSVDictionary()
      let column = dictionary.column(&cells, count: raw.count, scratch: CSVScratch())
      #expect((column != nil) == isKept && dictionary.isGivenUp != isKept, "\(distinct) texts")
    }
    // The last batch of a window may be as small as it likes.
    let dictionary = CSVDictionary()
    for count in [8000, 300, 1, 8000] {
      let raw = CSVRawCells((0..<count).map { Array("station \($0 * 7 % 400)".utf8) })
      var cells = raw.cells
      #expect(dictionary.column(&cells, count: count, scratch: CSVScratch()) != nil)
    }
    // Few, but too long to be kept together.
    let raw = CSVRawCells((0..<3000).map { Array((String(repeating: "x", count: 240) + "\($0 % 300)").utf8) })
    var cells = raw.cells
    #expect(CSVDictionary().column(&cells, count: raw.count, scratch: CSVScratch()) == nil)
  }

  @Test func limitsAreThoseOfColumns() {
    #expect(Int(DSH_CSV_DICTIONARY_LIMIT) == Column.dictionaryLimit && Int(DSH_CSV_DICTIONARY_BYTE_LIMIT) == Column.byteCodeLimit)
  }
}
