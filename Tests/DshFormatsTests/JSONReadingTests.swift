// JSON and JSON Lines as a caller reads them: types, forms, widening, options, and what is refused.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct JSONReadingTests {
  private func table(_ text: String, _ options: ReadOptions = ReadOptions(), isLines: Bool = true) throws -> (
    schema: Schema, rows: [[Value]]
  ) {
    try JSONTestFile(text, isLines: isLines).table(options)
  }

  /// What is told of a text that is refused, by its code and place.
  private func refusal(_ text: String, isLines: Bool = true, _ options: ReadOptions = ReadOptions()) throws -> (
    code: DiagnosticCode, place: String
  )? {
    do {
      _ = try table(text, options, isLines: isLines)
      return nil
    } catch let diagnostic as Diagnostic { return (diagnostic.code, Self.place(diagnostic)) }
  }

  /// `line 2, column 6` of a message.
  private static func place(_ diagnostic: Diagnostic) -> String {
    let part = diagnostic.message.split(separator: ": ").first { $0.contains(", line ") } ?? ""
    return part.split(separator: ", ").dropFirst().joined(separator: ", ")
  }

  private func place(_ text: String, isLines: Bool = true) throws -> String? { try refusal(text, isLines: isLines)?.place }

  @Test func typesOfColumns() throws {
    let (schema, rows) = try table(
      """
      {"i":1,"f":1,"b":true,"s":"x","n":null,"d":"2024-02-29","t":"2024-02-29","l":[1,null],"o":{"x":1,"y":"z"}}
      {"i":-9223372036854775808,"f":2.5,"b":false,"s":"","d":null,"t":"2024-02-29T10:00:00","l":[],"o":{"y":null,"w":2}}
      """)
    let fields = [Field("x", .int64), Field("y", .string), Field("w", .int64)]
    #expect(schema.names == ["i", "f", "b", "s", "n", "d", "t", "l", "o"])
    #expect(schema.types == [.int64, .float64, .bool, .string, .string, .date, .timestamp, .list(.int64), .structure(fields)])
    #expect(
      rows[1] == [
        .int64(.min), .float64(2.5), .bool(false), .string(""), .null, .null, .timestamp(1_709_200_800_000_000), .list([]),
        .structure(fields, [.null, .null, .int64(2)]),
      ])
    #expect(rows[0][7] == .list([.int64(1), .null]))
  }

  @Test func differentKindsAreJSONText() throws {
    let file = try JSONTestFile("{\"a\":1,\"b\":[1,\"x\"],\"c\":{}}\n{\"a\":\"x\\n\",\"b\":[],\"c\":{}}\n{\"a\":{\"k\" : [1]}}")
    let (schema, rows) = try file.table()
    #expect(schema.types == [.string, .list(.string), .string])
    #expect(rows.map { $0[0] } == [.string("1"), .string("\"x\\n\""), .string("{\"k\" : [1]}")])
    #expect(rows[0][1] == .list([.string("1"), .string("\"x\"")]))
    let notes = try file.describe().notes
    #expect(notes == ["column a holds values of different kinds: it is JSON text", "column c holds empty objects: it is JSON text"])
  }

  @Test func numbersAreNeverRounded() throws {
    let (schema, rows) = try table("{\"a\":18446744073709551616,\"b\":9007199254740993,\"c\":1e400}\n{\"a\":1,\"b\":0.5,\"c\":1}")
    #expect(schema.types == [.decimal(precision: 38, scale: 0), .string, .string])
    #expect(
      rows[0] == [
        .decimal(DecimalNumber(18_446_744_073_709_551_616, precision: 38, scale: 0)), .string("9007199254740993"), .string("1e400"),
      ])
  }

  @Test func escapesAndNames() throws {
    let (schema, rows) = try table(
      "{\"a\\u0062\":\"\\u00e9\\ud83d\\ude00\\\"\\/\\\\\\b\\f\\n\\r\\t\",\"q\\\"\":1}\n{\"ab\":\"plain\",\"q\\u0022\":2}")
    #expect(schema.names == ["ab", "q\""])
    #expect(rows == [[.string("é😀\"/\\\u{8}\u{C}\n\r\t"), .int64(1)], [.string("plain"), .int64(2)]])
  }

  @Test func linesMayBeBlankOrEndOtherwise() throws {
    let (_, rows) = try table("\u{FEFF}{\"a\":1}\r\n\n  \n {\"a\":2} \r\n{\"a\":3}")
    #expect(rows == [[.int64(1)], [.int64(2)], [.int64(3)]])
    #expect(try table("{\"a\":1}\nnull\n").rows == [[.int64(1)], [.null]])
    #expect(try table("").rows.isEmpty)
    #expect(try table("\n\n").rows.isEmpty)
  }

  @Test func documents() throws {
    for text in ["[{\"a\":1},{\"a\":2}]", " [ {\"a\":1} ,\n{\"a\":2}\n]\n", "{\"a\":1}{\"a\":2}", "{\"a\"\n:1}\n\n{\"a\":2}"] {
      #expect(try table(text, isLines: false).rows == [[.int64(1)], [.int64(2)]], "\(text)")
    }
    #expect(try table("[]", isLines: false).rows.isEmpty)
    #expect(try table("", isLines: false).rows.isEmpty)
    let nested = "{\"n\":[{\"a\":5}],\"x\":{\"y\":[{\"a\":1},{\"a\":2}],\"z\":[]},\"end\":null}"
    #expect(try table(nested, .json("records", "x.y"), isLines: false).rows == [[.int64(1)], [.int64(2)]])
    #expect(try table(nested, .json("records", "n"), isLines: false).rows == [[.int64(5)]])
    #expect(try refusal(nested, isLines: false, .json("records", "x"))?.code == .invalidOptionValue)
    #expect(try refusal(nested, isLines: false, .json("records", "nothing"))?.code == .invalidOptionValue)
  }

  @Test func recordsThatAreNoObjects() throws {
    #expect(try table("1\nnull\n3").rows == [[.int64(1)], [.null], [.int64(3)]])
    #expect(try table("[[1,2],[]]", isLines: false).rows == [[.list([.int64(1), .int64(2)])], [.list([])]])
    let (schema, rows) = try table("{\"a\":1}\n\"x\"")
    #expect(schema.names == ["value"])
    #expect(rows == [[.string("{\"a\":1}")], [.string("\"x\"")]])
  }

  @Test func rawRecordsAndGivenTypes() throws {
    let text = "{\"a\": 1}\n\"x\\n\"\nnull"
    let raw = try table(text, .json("raw"))
    #expect(raw.schema.fields == [Field("json", .string)])
    #expect(raw.rows == [[.string("{\"a\": 1}")], [.string("\"x\\n\"")], [.null]])
    var options = ReadOptions()
    options.types = .inferred([ExactText("a"): .string, ExactText("b"): .string])
    options.jsonColumns = [ExactText("b")]
    #expect(
      try table("{\"a\":1,\"b\":\"x\"}\n{\"a\":\"y\",\"b\":[1]}", options).rows == [
        [.string("1"), .string("\"x\"")], [.string("y"), .string("[1]")],
      ])
    options = ReadOptions()
    options.types = .inferred([ExactText("a"): .int64])
    var file = try JSONTestFile("{\"a\":1}\n{\"a\":\"y\"}").describe(options)
    file.schema.fields[0].type = .int64
    do {
      _ = try JSONTestFile("{\"a\":1}\n{\"a\":\"y\"}").rows(file)
      Issue.record("a text is no integer")
    } catch let diagnostic as Diagnostic { #expect(diagnostic.code == .cellType) }
  }

  @Test func onlyWantedColumnsOfRowsThatPass() throws {
    final class Even: ScanPredicate {
      let columns = [0]
      func select(_ batch: Batch) -> Bitmap? {
        let values = batch.columns[0]
        return .make(count: batch.rowCount) { index in
          var word: UInt64 = 0
          for row in index * 64..<min(batch.rowCount, index * 64 + 64) {
            if case .int64(let number) = values.value(at: row), number % 2 == 0 { word |= 1 << UInt64(row & 63) }
          }
          return word
        }
      }
    }
    let file = try JSONTestFile((0..<1000).map { "{\"a\":\($0),\"b\":\"\\u0041\($0)\",\"c\":{\"x\":[\($0),\"k\"]}}\n" }.joined())
    let description = try file.describe()
    let rows = try file.rows(description, wanted: [2, 1], batchRows: 90, predicate: Even())
    #expect(rows.count == 500)
    let fields = [Field("x", .list(.string))]
    #expect(rows[499] == [.structure(fields, [.list([.string("998"), .string("\"k\"")])]), .string("A998")])
  }

  @Test func typesWidenLate() throws {
    // More than is looked at from end to end, with a surprise that no sample sees.
    let plain = "{\"a\":1,\"b\":{\"x\":1},\"c\":null,\"d\":\"\(String(repeating: "-", count: 400))\"}\n"
    let count = 5 * CSVSniffer.wholeFileBytes / 4 / plain.utf8.count
    var text = String(repeating: plain, count: count)
    text += "{\"a\":\"x\",\"b\":{\"x\":1,\"y\":[1]},\"c\":7,\"z\":true}\n"
    text += String(repeating: plain, count: count / 10)
    let (schema, rows) = try table(text)
    #expect(schema.names == ["a", "b", "c", "d", "z"])
    #expect(schema.types == [.string, .structure([Field("x", .int64), Field("y", .list(.int64))]), .int64, .string, .bool])
    #expect(rows[count][0] == .string("\"x\"") && rows[count][2] == .int64(7) && rows[count][4] == .bool(true))
    #expect(rows[0][0] == .string("1") && rows[0][4] == .null)
  }

  @Test func whatRFC8259Refuses() throws {
    let refused = [
      "{\"a\":01}", "{\"a\":-}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":0x1}", "{\"a\":NaN}", "{\"a\":Infinity}",
      "{\"a\":tru}",
      "{\"a\":nul}", "{\"a\":True}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}",
      "{\"a\":\"\\ud800\\u0041\"}",
      "{\"a\":\"\t\"}", "{\"a\":\"\u{0}\"}", "{\"a\":\"x}", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{'a':1}",
      "{\"a\":[1,]}",
      "{\"a\":[,1]}", "{\"a\":[1 2]}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "{\"a\":[1}", "{\"a\":1}}", "{\"a\":1}x", "{\"a\":\"x\"\"y\"}",
      "{\"a\":1\"x\"}",
      "{\"a\":1,\"a\":2}", "{\"b\":{\"a\":1,\"a\":2}}", "{\"a\":1} {\"a\":2}", "{\"a\":\u{1}1}", "{\"a\":1\u{1}}", "{\"a\":1\u{A0}}",
      "{\"a\":\"\\", "{", "[", "\"",
      "{\"a\":/*x*/1}", "{\"a\":1//x\n}", "{\"a\":--1}", "{\"a\":1-}", "{\"a\":truefalse}", "{\"a\":\\\"x\"}",
    ]
    let plain = String(repeating: "{\"a\":1,\"b\":{\"a\":1}}\n", count: 70)
    let description = try JSONTestFile(plain).describe()
    for text in refused {
      for isLines in [true, false] {
        // Behind one another, documents may be several values.
        if !isLines, text == "{\"a\":1} {\"a\":2}" { continue }
        let found = try refusal(text, isLines: isLines)
        if found?.code != .invalidJSON { Issue.record("\(text): \(found?.code.name ?? "accepted")") }
      }
      // The scan finds what no look has seen, at the same place.
      do {
        _ = try JSONTestFile(plain + text).rows(description)
        Issue.record("\(text): accepted by the scan")
      } catch let diagnostic as Diagnostic {
        let alone = try place(text)
        let late = Self.place(diagnostic).replacing("line 71,", with: "line 1,").replacing("line 72,", with: "line 2,")
        if late != alone { Issue.record("\(text): \(diagnostic.message) instead of \(alone ?? "")") }
      } catch { Issue.record("\(text): \(error)") }
    }
  }

  @Test func whatRFC8259Accepts() throws {
    let accepted = [
      "{}", "[]", "{\"\":1}", "{\"a\":-0}", "{\"a\":0.0e+1}", "{\"a\":1E-2}", "{\"a\" : [ ] }", "\t{\"a\":1}\t",
      "{\"a\":\"\u{7F}\u{2028}\"}", "{\"a\":\"\\u0000\"}",
      "{\"a\":[[[[[]]]]]}", "\"\"", "null", "-1.5", "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":\"{\\\"b\\\":[,]}\"}",
    ]
    for text in accepted {
      for isLines in [true, false] {
        if let found = try refusal(text, isLines: isLines) { Issue.record("\(text): \(found.code.name)") }
      }
    }
  }

  @Test func depthHasALimit() throws {
    let limit = 1000
    #expect(try refusal("{\"a\":" + String(repeating: "[", count: limit - 1) + String(repeating: "]", count: limit - 1) + "}") == nil)
    #expect(try refusal("{\"a\":" + String(repeating: "[", count: limit + 5))?.code == .invalidJSON)
  }

  @Test func errorsHaveLineAndColumn() throws {
    #expect(try place("{\"a\":1}\n{\"é\":01}") == "line 2, column 6")
    #expect(try place("[{\"a\":1},\n{\"a\":tru}]", isLines: false) == "line 2, column 6")
    #expect(try place("[{\"a\":1}\n", isLines: false) == "line 2, column 1")
    #expect(try place("{\"a\":1}\n\n{\"a\":\"\u{1}\"}") == "line 3, column 7")
  }
}
