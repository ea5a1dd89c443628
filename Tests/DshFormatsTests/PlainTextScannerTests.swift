// A text gives a row for each line, however it is cut into splits and batches.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct PlainTextScannerTests {
  private let format = PlainTextFormat()

  private func lines(_ bytes: [UInt8], blockBytes: Int, batchRows: Int, encoding: TextEncoding = .utf8, counts: Bool = false) throws
    -> [Value]
  {
    let file = try CSVTestFile(bytes)
    var options = ReadOptions()
    options.encoding = encoding
    let found = try inspect([FileToRead(path: file.path, format: format)], options: options, attempts: 3)[0]
    let reading = try format.readingOrRefusal()
    var result: [Value] = []
    var end = found.description.dataStart
    for split in reading.splits(of: found.description, sizeBytes: bytes.count, blockBytes: blockBytes, spreads: false) {
      let scan = FileScan(
        format: format.name, path: file.path, identity: found.identity, layout: found.description.layout,
        schema: found.description.schema, wanted: counts ? [] : [0], bytes: split, startIsExact: true)
      let reader = try reading.open(scan, source: ByteSource(path: file.path), predicate: nil, batchRows: batchRows)
      var rows = 0
      while let batch = try reader.next() {
        #expect(batch.rowCount > 0 && batch.rowCount <= batchRows)
        rows += batch.rowCount
        result += (0..<batch.rowCount).map { counts ? .null : batch.columns[0].value(at: $0) }
      }
      let findings = try reader.finish()
      #expect(findings.scanned.rows == rows && findings.range.lowerBound == end)
      end = findings.range.upperBound
    }
    #expect(bytes.count <= found.description.dataStart || end == bytes.count)
    return result
  }

  @Test func everyLineIsARowOnce() throws {
    let texts: [(String, [String])] = [
      ("", []), ("a", ["a"]), ("a\n", ["a"]), ("\n", [""]), ("\n\nb", ["", "", "b"]), ("a\r\nb\rc\r\n\r\n", ["a", "b\rc", ""]),
      ("\u{FEFF}ü\n日本\nlast", ["ü", "日本", "last"]), ((0..<300).map { "line \($0)\n" }.joined(), (0..<300).map { "line \($0)" }),
    ]
    for (text, wanted) in texts {
      for blockBytes in [1, 2, 3, 7, 64, 1 << 20] {
        for batchRows in [1, 3, 1000] {
          #expect(
            try lines(Array(text.utf8), blockBytes: blockBytes, batchRows: batchRows) == wanted.map { .string($0) },
            "\(text.prefix(20)) \(blockBytes)")
        }
        #expect(try lines(Array(text.utf8), blockBytes: blockBytes, batchRows: 2, counts: true).count == wanted.count)
      }
    }
  }

  @Test func longLinesCrossWindows() throws {
    let long = (0..<5).map { String(repeating: "\($0)", count: 300_000 * $0) }
    let text = Array(long.joined(separator: "\n").utf8)
    #expect(try lines(text, blockBytes: 100_000, batchRows: 100) == long.map { .string($0) })
  }

  @Test func otherEncodingsBecomeUTF8() throws {
    #expect(try lines([0xFC, 0x80, 10], blockBytes: 9, batchRows: 9, encoding: .windows1252) == [.string("ü€")])
    #expect(try lines([0xFC, 10, 0x41], blockBytes: 9, batchRows: 9, encoding: .latin1) == [.string("ü"), .string("A")])
    // Beyond what is looked at first.
    let error = #expect(throws: Diagnostic.self) {
      try lines(Array(String(repeating: "x\n", count: 50_000).utf8) + [0xFF, 10], blockBytes: 1 << 20, batchRows: 100)
    }
    #expect(error?.code == .notUTF8 && error?.message.contains("line 50001, byte 100000") == true)
  }
}
