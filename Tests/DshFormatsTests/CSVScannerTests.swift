// The fast reader against the slow one: any text, any split, any batch size, every truncation.
import DshColumns
import DshDiagnostics
@testable import DshFormats
import Testing

@Suite struct CSVScannerTests {
  private func dialect(_ change: (inout CSVDialect) -> Void = { _ in }) -> CSVDialect {
    var dialect = CSVDialect()
    dialect.ragged = .fill
    change(&dialect)
    return dialect
  }

  private func textSchema(_ columns: Int) -> Schema { Schema((0..<columns).map { Field("c\($0)", .string) }) }

  /// What the slow parser says, brought to `columns` cells.
  private func expected(_ text: [UInt8], _ dialect: CSVDialect, _ columns: Int) -> [[String?]] {
    referenceRecords(text, dialect, columns: columns).map { record in
      (0..<columns).map { column in
        guard column < record.count else { return nil }
        let (cell, isQuoted) = record[column]
        if !isQuoted && (cell.isEmpty || (dialect.escape == nil && cell == Array("\\N".utf8))) { return nil }
        return String(decoding: cell, as: UTF8.self)
      }
    }
  }

  /// A text whose quotes are closed, of cells that are mean in all ways.
  private func randomText(
    _ generator: inout SeededGenerator, columns: Int, isRagged: Bool, dialect: CSVDialect = CSVDialect()
  ) -> [UInt8] {
    let separator = String(decoding: dialect.delimiter.bytes, as: UTF8.self)
    let cells = [
      "", "a", "12", "-7", "\"q\"", "\"a,b\"", "\"two\nlines\"", "\"a \"\"quoted\"\" word\"", "\"\"", "5\" pipe", "\"x\"y",
      "\\N", "é日😀",
      "\"\r\n\"", " s ",
      "long text that goes on for more than sixty-four bytes so that blocks are crossed",
      "\"long quoted text, with commas,\nand lines, that crosses blocks\"",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      if Int.random(in: 0...9, using: &generator) == 0 { text += "\n" }
      if dialect.comment != nil, Int.random(in: 0...2, using: &generator) == 0 {
        text += generator.pick(["#\n", "# it's, \"odd\n", "#,\"\n", "# a,b\r\n", "#\"\"\"x\",\"\\\n"])
      }
      let count = isRagged && Int.random(in: 0...3, using: &generator) == 0 ? Int.random(in: 1...(columns + 2), using: &generator) : columns
      text += (0..<count).map { _ in generator.pick(cells) }.joined(separator: separator)
      text += Int.random(in: 0...3, using: &generator) == 0 ? "\r\n" : dialect.endsAtReturns && Bool.random(using: &generator) ? "\r" : "\n"
    }
    if Bool.random(using: &generator) && text.hasSuffix("\n") { text.removeLast() }
    return Array(text.utf8)
  }

  @Test func readsWhatTheSlowParserReads() throws {
    var generator = SeededGenerator(state: 3)
    for round in 0..<1500 {
      let columns = Int.random(in: 1...9, using: &generator)
      let text = randomText(&generator, columns: columns, isRagged: round % 2 == 0)
      let file = try CSVTestFile(text)
      let picked = (0..<Int.random(in: 0...columns, using: &generator)).map { _ in Int.random(in: 0..<columns, using: &generator) }
      let wanted = expected(text, dialect(), columns).map { record in picked.map { record[$0] } }
      let found = try file.rows(dialect(), textSchema(columns), wanted: picked, batchRows: [1, 7, 100][round % 3])
      if found != wanted {
        Issue.record("round \(round), \(columns) columns: \(String(decoding: text, as: UTF8.self).debugDescription)\n\(found)\n\(wanted)")
      }
    }
  }

  /// Dialects beside the usual one.
  static let oddDialects = [
    ("||", false, false), (", ", false, false), ("→", false, false), (",", true, false), (",", false, true), ("aba", true, true),
  ]
  .map { delimiter, endsAtReturns, hasComments in
    var dialect = CSVDialect()
    dialect.delimiter = CSVDelimiter(Array(delimiter.utf8)) ?? dialect.delimiter
    dialect.endsAtReturns = endsAtReturns
    dialect.comment = hasComments ? UInt8(ascii: "#") : nil
    dialect.ragged = .fill
    return dialect
  }

  @Test(arguments: oddDialects) func readsOddDialectsWithAnySplit(odd: CSVDialect) throws {
    var generator = SeededGenerator(state: 5)
    for round in 0..<60 {
      let columns = Int.random(in: 1...5, using: &generator)
      let text = randomText(&generator, columns: columns, isRagged: round % 3 == 0, dialect: odd)
      let file = try CSVTestFile(text)
      let picked = round % 2 == 0 ? Array(0..<columns) : [columns - 1]
      let wanted = expected(text, odd, columns).map { record in picked.map { record[$0] } }
      for border in stride(from: 0, through: text.count, by: 1 + text.count / 40) {
        let found = try file.rows(odd, textSchema(columns), wanted: picked, borders: [border], batchRows: border % 2 == 0 ? 100 : 1)
        if found != wanted {
          Issue.record(
            "round \(round), border \(border), \(columns) columns: \(String(decoding: text, as: UTF8.self).debugDescription)\n\(found)\n\(wanted)"
          )
          return
        }
      }
    }
  }

  @Test func splitsAtEveryByte() throws {
    var generator = SeededGenerator(state: 4)
    for round in 0..<40 {
      let columns = Int.random(in: 1...6, using: &generator)
      let text = randomText(&generator, columns: columns, isRagged: round % 4 == 0)
      let file = try CSVTestFile(text)
      let picked = round % 2 == 0 ? Array(0..<columns) : [columns - 1]
      let wanted = expected(text, dialect(), columns).map { record in picked.map { record[$0] } }
      for border in 0...text.count {
        let other = Int.random(in: 0...text.count, using: &generator)
        let borders = Array(Set([border, other])).sorted()
        let found = try file.rows(dialect(), textSchema(columns), wanted: picked, borders: borders, batchRows: border % 2 == 0 ? 100 : 1)
        if found != wanted { Issue.record("round \(round), borders \(borders): \(String(decoding: text, as: UTF8.self).debugDescription)") }
      }
    }
  }

  @Test func survivesEveryTruncation() throws {
    let text = Array("id,name,day\n1,\"Ann \"\"A\"\"\",2024-01-31\r\n\n2,\"two\nlines\",\n3,é日,2024-02-30\n4,\"x\"y,\\N\n".utf8)
    for length in 0...text.count {
      let file = try CSVTestFile(Array(text.prefix(length)))
      do {
        _ = try file.table { $0.ragged = .fill }
      } catch let diagnostic as Diagnostic {
        #expect([.unterminatedQuote, .notUTF8].contains(diagnostic.code), "\(length): \(diagnostic.message)")
      }
    }
  }

  @Test func readsWithEscapes() throws {
    var generator = SeededGenerator(state: 5)
    let escaping = dialect { $0.escape = UInt8(ascii: "\\") }
    let cells = [
      "a", "\"say \\\"hi\\\"\"", "\"it\\'s\"", "a\\,b", "\"\\\\\"", "\"a\"\"b\"", "x\\\ny", "",
      "long text of more than sixty-four bytes, \\\\ and more and more and m",
    ]
    for round in 0..<500 {
      var text = ""
      for _ in 0..<6 { text += (0..<3).map { _ in generator.pick(cells) }.joined(separator: ",") + "\n" }
      let bytes = Array(text.utf8)
      let file = try CSVTestFile(bytes)
      let found = try file.rows(escaping, textSchema(3))
      if found != expected(bytes, escaping, 3) { Issue.record("round \(round): \(text.debugDescription)\n\(found)") }
    }
  }

  @Test func givesOnlyWantedColumnsAndSelectedRows() throws {
    let text = (0..<5000).map { "\($0),name \($0 % 7),\(Double($0) / 4),\"q,\($0)\"\n" }.joined()
    let file = try CSVTestFile(text)
    let schema = Schema([Field("id", .int64), Field("name", .string), Field("x", .float64), Field("q", .string)])
    for batchRows in [1, 7, 1000, 100_000] {
      let scan = try file.scan(schema, wanted: [3, 0, 1], bytes: 0..<text.utf8.count)
      let reader = try SplitReader(scan, predicate: EveryEleventh(), batchRows: batchRows)
      var rows: [[Value]] = []
      while let batch = try reader.next() {
        #expect(batch.rowCount <= batchRows && batch.schema.names == ["q", "id", "name"])
        for row in 0..<batch.rowCount { rows.append(batch.row(row)) }
      }
      let kept = rows.filter { if case .int64(let id) = $0[1] { id % 11 == 0 } else { false } }
      #expect(kept.count == 455)
      #expect(
        rows.allSatisfy {
          if case .int64(let id) = $0[1] { $0[0] == .string("q,\(id)") && $0[2] == .string("name \(id % 7)") } else { false }
        })
      #expect(reader.scanned == ScanProgress(rows: 5000, bytes: text.utf8.count))
    }
  }

  @Test func readsLongRecordsAndManyWindows() throws {
    var generator = SeededGenerator(state: 11)
    // Larger than a window, with a cell larger than a window, and a blank line that makes one window irregular.
    var text: [UInt8] = []
    var wanted: [[String?]] = []
    for row in 0..<9000 {
      let length = row == 4000 ? 700_000 : Int.random(in: 0...120, using: &generator)
      let note = String(repeating: "x", count: length) + (row % 100 == 0 ? "\n,y" : "")
      wanted.append(["\(row)", note, "é\(row % 5)"])
      text += Array("\(row),\"\(note)\",,,\(row % 3),é\(row % 5)\(row % 7 == 0 ? "\r\n" : "\n")".utf8)
      if row == 6000 { text.append(UInt8(ascii: "\n")) }
    }
    let file = try CSVTestFile(text)
    for borders in [[], [300_000, 500_000, 1_000_000, 1_000_001]] {
      let found = try file.rows(dialect(), textSchema(6), wanted: [0, 1, 5], borders: borders, batchRows: 3000)
      #expect(found.count == wanted.count)
      for (a, b) in zip(found, wanted) where a != b { Issue.record("\(a) is not \(b)"); break }
    }
  }

  @Test func fewTextsBecomeCodes() throws {
    let texts = [
      "N", "\"A,B\"", "", "\"with \"\"quotes\"\"\"", "a text that is longer than sixteen bytes", "a text that is longer than sixteen Bytes",
      "\\N", "12345678", "1234567",
    ]
    let shown: [String?] = ["N", "A,B", nil, "with \"quotes\"", texts[4], texts[5], nil, "12345678", "1234567"]
    let text = (0..<5000).map { "\(texts[$0 * 7 % 9]),name \($0 % 1000),\(String(repeating: "x", count: $0 % 2 == 0 ? 10 : 300))\n" }
      .joined()
    let file = try CSVTestFile(text)
    for batchRows in [1, 1000, 100_000] {
      let reader = try SplitReader(try file.scan(textSchema(3), wanted: [0, 1, 2]), predicate: nil, batchRows: batchRows)
      var row = 0
      while let batch = try reader.next() {
        if batchRows >= 1000 {
          guard case .dictionary = batch.columns[0].storage, case .text = batch.columns[2].storage else {
            Issue.record("columns of the wrong kind")
            return
          }
        }
        for index in 0..<batch.rowCount {
          let found = batch.columns.map { CellText.string($0, row: index) }
          let wanted = [shown[row * 7 % 9], "name \(row % 1000)", String(repeating: "x", count: row % 2 == 0 ? 10 : 300)]
          if found != wanted { Issue.record("row \(row): \(found)") }
          row += 1
        }
      }
      #expect(row == 5000)
    }
  }

  @Test func countsWithoutColumns() throws {
    let file = try CSVTestFile("a,b\n1,2\n\n3,4\n5,6")
    let sniffed = try file.sniff()
    let scan = try file.scan(sniffed.schema, sniffed.dialect, wanted: [], bytes: sniffed.dataStart..<100)
    let reader = try SplitReader(scan, predicate: nil, batchRows: 100)
    let batch = try #require(try reader.next())
    #expect(batch.rowCount == 3 && batch.columns.isEmpty)
    #expect(try reader.next() == nil)
  }

  @Test func scansTravelAsBytes() throws {
    let file = try CSVTestFile("a,b,c\n")
    let scan = try file.scan(textSchema(3), dialect { $0.escape = 92 }, wanted: [2, 0], bytes: 5..<99, startIsExact: false)
    var writer = ByteWriter()
    scan.encode(to: &writer)
    var reader = ByteReader(writer.bytes)
    #expect(try FileScan(from: &reader) == scan)
    for length in 0..<writer.bytes.count {
      var cut = ByteReader(Array(writer.bytes.prefix(length)))
      #expect(throws: (any Error).self) { try FileScan(from: &cut) }
    }
    // Any changed byte is refused, or gives another scan that an attempt to read answers with an error or with rows.
    for place in writer.bytes.indices {
      for flip in [1, 0x40, 0xFF] as [UInt8] {
        var changed = writer.bytes
        changed[place] ^= flip
        var reader = ByteReader(changed)
        guard let other = try? FileScan(from: &reader), let split = try? SplitReader(other, predicate: nil, batchRows: 10) else { continue }
        while let batch = try? split.next() { #expect(batch.schema == other.outputSchema) }
      }
    }
  }

  @Test func aBrokenLayoutIsOurError() throws {
    let file = try CSVTestFile("a,b\n")
    var scan = try file.scan(textSchema(2), dialect { $0.fixedColumns = [7] }, wanted: [0])
    #expect(throws: Diagnostic.self) { try SplitReader(scan, predicate: nil, batchRows: 1) }
    let whole = try file.scan(textSchema(2), wanted: [0]).layout
    for length in whole.indices {
      scan.layout = Array(whole.prefix(length))
      let error = #expect(throws: Diagnostic.self) { try SplitReader(scan, predicate: nil, batchRows: 1) }
      #expect(error?.category == .bug)
    }
  }
}

/// Keeps all rows up to the number 100, and every eleventh behind it.
private final class EveryEleventh: ScanPredicate {
  let columns = [0, 2]

  func select(_ batch: Batch) -> Bitmap? {
    guard case .int64(let first) = batch.columns[0].value(at: 0), first >= 100 else { return nil }
    return Bitmap.make(count: batch.rowCount) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, batch.rowCount - word * 64) {
        if case .int64(let id) = batch.columns[0].value(at: word * 64 + bit), id % 11 == 0 { bits |= 1 << UInt64(bit) }
      }
      return bits
    }
  }
}

func == (batch: Batch?, _: _OptionalNilComparisonType) -> Bool { if case .none = batch { true } else { false } }
