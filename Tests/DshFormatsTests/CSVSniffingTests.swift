// What sniffing makes of real shapes: separators, quotes, headers, names, nulls, ends of lines, encodings.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct CSVSniffingTests {
  private func table(_ text: String, _ change: (inout CSVOptions) -> Void = { _ in }) throws -> (schema: Schema, rows: [[String?]]) {
    try CSVTestFile(text).table(change)
  }

  @Test func findsSeparators() throws {
    for separator in [",", "\t", ";", "|", "^"] {
      let text = [["id", "name", "x"], ["1", "a b", "2.5"], ["2", "c", ""]].map { $0.joined(separator: separator) }.joined(separator: "\n")
      let found = try table(text)
      #expect(found.schema.names == ["id", "name", "x"] && found.schema.types == [.int64, .string, .float64])
      #expect(found.rows == [["1", "a b", "2.5"], ["2", "c", nil]])
    }
    #expect(try table("a;b\n1,5;2,3\n2,5;3,3\n").schema.names == ["a", "b"])
    #expect(try table("name|note\nAnn|a, b\nBob|c, d\n").schema.names == ["name", "note"])
  }

  @Test func findsQuotes() throws {
    #expect(try table("a,b\n'x, y','z'\n'u','v, w'\n").rows == [["x, y", "z"], ["u", "v, w"]])
    // A cell of text may begin and end with a quote.
    #expect(try table("expr,n\n'a' + 'b',1\n'c' + 'd',2\n'e',3\n").rows.map { $0[0] } == ["'a' + 'b'", "'c' + 'd'", "'e'"])
    #expect(try table("expr,n\n\"a\" + \"b\",1\n\"c\" + \"d\",2\n").rows.map { $0[0] } == ["\"a\" + \"b\"", "\"c\" + \"d\""])
    #expect(try table("id,word\n1,'a'\n2,'b'\n").rows.map { $0[1] } == ["'a'", "'b'"])
    #expect(try table("a,b\n'tis,\"x, y\"\n").rows == [["'tis", "x, y"]])
    #expect(try table("a,b\n\"x\",1\n") { $0.quote = .some(nil) }.rows == [["\"x\"", "1"]])
  }

  @Test func findsEscapes() throws {
    #expect(try table("1,\"say \\\"hi\\\"\",x\n2,\"it\\'s\",\\N\n").rows == [["1", "say \"hi\"", "x"], ["2", "it's", nil]])
    // Nothing here needs an escape to be read.
    #expect(try table("n,path\n1,C:\\new\n2,it\\'s\n").rows.map { $0[1] } == ["C:\\new", "it\\'s"])
    #expect(try table("n,path\n1,C:\\\n2,D:\\,\n") { $0.ragged = .fill }.rows[0] == ["1", "C:\\"])
    #expect(try table("a,b\n1\\,5,x\n2\\,5,y\n").rows == [["1,5", "x"], ["2,5", "y"]])
    #expect(
      try table("a,b\n\"x\\\"y\",1\n") {
        $0.escape = .some(nil); $0.quote = .some(nil)
      }.rows == [["\"x\\\"y\"", "1"]])
    #expect(try table("a,b\n1,\"C:\\Users\\\"\n2,\"\\d+\"\n").rows == [["1", "C:\\Users\\"], ["2", "\\d+"]])
  }

  @Test func findsHeaders() throws {
    #expect(try table("1,a\n2,b\n").schema.names == ["column1", "column2"])
    #expect(try table("name,kind\nann,x\nbob,x\n").schema.names == ["name", "kind"])
    // A number over numbers of another kind is data.
    #expect(try table("1,Ada,3.5\n2,Bob,4\n").schema.names == ["column1", "column2", "column3"])
    #expect(try table("ann,x\nbob,x\n").schema.names == ["column1", "column2"])
    #expect(try table("country,2010,2011,2012\nA,1.5,2.5,3.5\nB,1.0,2.0,3.0\n").schema.names == ["country", "2010", "2011", "2012"])
    #expect(try table("a,b\n").schema.names == ["a", "b"])
    #expect(try table("a,b\n").rows.isEmpty)
    #expect(try table("a,b\n1,2\n") { $0.header = false }.rows == [["a", "b"], ["1", "2"]])
    #expect(try table("1,2\n3,4\n") { $0.names = ["x", "y"] }.schema.names == ["x", "y"])
    #expect(try table("1,2\n3,4\n") { $0.names = ["x", "y"] }.rows.count == 2)
    // Types that a person fixes do not change which line names the columns.
    #expect(try table("id,,note\n1,yes,yes\n2,no,yes\n") { $0.types = .allString }.schema.names == ["id", "column2", "note"])
  }

  @Test func cleansNames() throws {
    #expect(try table("a,,a,a_2, b \n1,2,3,4,5\n").schema.names == ["a", "column2", "a_3", "a_2", "b"])
  }

  @Test func readsAnyLineEnd() throws {
    let rows: [[String?]] = [["1", "x"], ["2", "y"]]
    for end in ["\n", "\r\n", "\r"] {
      #expect(try table("a,b\(end)1,x\(end)2,y").rows == rows)
      #expect(try table("a,b\(end)1,x\(end)2,y\(end)").rows == rows)
    }
    #expect(try table("a,b\r\n1,x\n2,y\r\n").rows == rows)
    #expect(try table("\u{FEFF}a,b\n1,x\n2,y\n").schema.names == ["a", "b"])
    // The end of most lines counts, outside quotes, and a lone other one at the very end belongs to the last.
    #expect(try table("a,b\r1,2\r3,4\r5,6\n").rows == [["1", "2"], ["3", "4"], ["5", "6"]])
    #expect(try table("a,b\r1,x\r2,y\r\n").rows == rows)
    #expect(try table("a,b\r1,\"x\ny\nz\nw\"\r2,y\r").rows == [["1", "x\ny\nz\nw"], ["2", "y"]])
    #expect(try table("a,b\n1,\"x\ry\rz\rw\"\n2,y\n").rows == [["1", "x\ry\rz\rw"], ["2", "y"]])
    #expect(try table("a,b\n1,x\n2,y\r").rows == rows)
  }

  @Test func mixedLineEndsAllCountWhereTheTableSaysSo() throws {
    let rows = [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"]]
    var generator = SeededGenerator(state: 9)
    for round in 0..<200 {
      let ends = [["\r", "\n", "\r\n"], ["\r", "\r\n"], ["\n", "\n", "\n", "\r"], ["\r", "\r", "\n"]][round % 4]
      let text = (["a,b"] + rows.map { $0.joined(separator: ",") }).map { $0 + generator.pick(ends) }.joined()
      let found = try table(text)
      if found.schema.names != ["a", "b"] || found.rows != rows { Issue.record("\(text.debugDescription): \(found.rows)") }
    }
    #expect(try table("a,b\r\r\n1,2\r\r\n3,4\r\r\n").rows == [["1", "2"], ["3", "4"]])
    #expect(try table("a\r1\r2\n3\r4").rows == [["1"], ["2"], ["3"], ["4"]])
    // What no record needs stays text, and what is quoted too.
    #expect(try table("a,b\nfoo\rbar,2\nx,4\n").rows == [["foo\rbar", "2"], ["x", "4"]])
    #expect(try table("a,b\n1,\"x\ry\"\r2,z\r3,w\n").rows == [["1", "x\ry"], ["2", "z"], ["3", "w"]])
    #expect(try table("a,b\r1,\"x\ny\"\r2,z\n3,w\r").rows == [["1", "x\ny"], ["2", "z"], ["3", "w"]])
  }

  @Test func linesInErrorsAreCountedByAnyEnd() throws {
    for text in ["a,b\r1,2\r3\r", "a,b\n1,2\r3\r4,5\n6,7\n", "a,b\r\n1,2\r\n3\r\n"] {
      let file = try CSVTestFile(text)
      let sniffed = try file.sniff()
      let error = #expect(throws: Diagnostic.self) { try file.rows(sniffed.dialect, sniffed.schema, dataStart: sniffed.dataStart) }
      #expect(error?.code == .raggedRow && error?.message.hasSuffix("line 3") == true, "\(text.debugDescription)")
    }
  }

  @Test func separatorsMayHaveSeveralCharacters() throws {
    #expect(try table("a||b||c\n1||x|y||3\n4||\"p||q\"||6\n") { $0.delimiter = "||" }.rows == [["1", "x|y", "3"], ["4", "p||q", "6"]])
    #expect(try table("a, b\n1, \"x, y\"\n2, z,w\n") { $0.delimiter = ", " }.rows == [["1", "x, y"], ["2", "z,w"]])
    #expect(try table("a::b::c\n1::::3\n") { $0.delimiter = "::" }.rows == [["1", nil, "3"]])
    #expect(try table("a→b\r\n1→é\r\n") { $0.delimiter = "→" }.rows == [["1", "é"]])
    #expect(try table("a|||b\n1|||2\n") { $0.delimiter = "||" }.schema.names == ["a", "|b"])
    let latin = Array("a".utf8) + [0xA7] + Array("b\n1".utf8) + [0xA7, 0xE9] + Array("\n".utf8)
    #expect(
      try CSVTestFile(latin).table {
        $0.delimiter = "§"; $0.encoding = .latin1
      }.rows == [["1", "é"]])
    for (change, other) in [("\"", "--quote"), ("#,", "--comment"), ("\\|", "--escape"), ("123456789", "8 bytes")] {
      let error = #expect(throws: Diagnostic.self) {
        try table("a,b\n") {
          $0.delimiter = change; $0.comment = UInt8(ascii: "#"); $0.escape = UInt8(ascii: "\\")
        }
      }
      #expect(error?.message.contains(other) == true, "\(change)")
    }
  }

  @Test func commentsHoldAnything() throws {
    let text = "# it's, \"odd\na,b\n1,\"x\"\n# x,\"y\n2,\"#,\n#\"\n#\n3,#z\n"
    #expect(try table(text) { $0.comment = UInt8(ascii: "#") }.rows == [["1", "x"], ["2", "#,\n#"], ["3", "#z"]])
    let other = Array("a,b\n# ".utf8) + [0xFF, 0x22] + Array("\n1,2\n".utf8)
    #expect(
      try CSVTestFile(other).table {
        $0.comment = UInt8(ascii: "#"); $0.encoding = .latin1
      }.rows == [["1", "2"]])
  }

  @Test func nullTextsAndTextsHaveTheirEncoding() throws {
    let bytes = Array("a,b\n".utf8) + [0x80, 0x2C, 0x93, 0x94, 0x0A, 0x78, 0x2C, 0x81, 0x0A]
    let found = try CSVTestFile(bytes).table {
      $0.encoding = .windows1252; $0.nullTexts = ["€"]
    }
    #expect(found.rows == [[nil, "\u{201C}\u{201D}"], ["x", "\u{81}"]])
  }

  @Test func skipsBlankLinesAndTextBefore() throws {
    #expect(try table("\n\na,b\n\n1,x\n\r\n2,y\n\n").rows == [["1", "x"], ["2", "y"]])
    #expect(try table("made by a machine\n\na,b\n1,x\n") { $0.skip = 2 }.rows == [["1", "x"]])
    let error = #expect(throws: Diagnostic.self) { try table("made by a machine\na,b\n1,x\n2,y\n") }
    #expect(error?.code == .raggedRow && error?.suggestion?.text.contains("--skip=1") == true)
  }

  @Test func aBlankLineInOneColumnIsANull() throws {
    #expect(try table("n\n1\n\n3\n").rows == [["1"], [nil], ["3"]])
  }

  @Test func emptyFilesHaveNoColumns() throws {
    for text in ["", "\n", "\r\n\n", "\u{FEFF}"] {
      let found = try table(text)
      #expect(found.schema.count == 0 && found.rows.isEmpty)
    }
  }

  @Test func nullsAreEmptyOrNamed() throws {
    #expect(try table("c,n\nNA,1\n\"\",2\n,3\n\\N,4\n\"\\N\",5\n").rows.map { $0[0] } == ["NA", "", nil, nil, "\\N"])
    // What is asked for holds in quotes too, but not for names.
    #expect(try table("c,n\nNA,1\n\"NA\",2\nx,NA\n") { $0.nullTexts = ["NA"] }.rows == [[nil, "1"], [nil, "2"], ["x", nil]])
    #expect(try table("id,NA\n1,2\n") { $0.nullTexts = ["NA"] }.schema.names == ["id", "NA"])
    // Nothing in quotes is an empty text, and no value in a column of another type.
    let nothing = try table("a,b,c,d\n\"1\",\"\",\"\",\"\"\n\"2\",\"2.5\",\"2024-01-31\",x\n\"\",\"3\",\"\",y\n")
    #expect(nothing.schema.types == [.int64, .float64, .date, .string])
    #expect(nothing.rows == [["1", nil, nil, ""], ["2", "2.5", "2024-01-31", "x"], [nil, "3.0", nil, "y"]])
  }

  @Test func raggedRowsAreErrorsOrFilled() throws {
    let text = "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n"
    let error = #expect(throws: Diagnostic.self) { try table(text) }
    #expect(
      error?.code == .raggedRow && error?.message.contains("2 cells instead of 3") == true && error?.message.contains("line 3") == true)
    #expect(try table(text) { $0.ragged = .fill }.rows == [["1", "2", "3"], ["4", "5", nil], ["6", "7", "8"], ["10", "11", "12"]])
    #expect(try table(text) { $0.ragged = .skip }.rows == [["1", "2", "3"], ["10", "11", "12"]])
    #expect(
      try table("1,2,3\n4,5\n") {
        $0.ragged = .fill; $0.names = ["x", "y"]
      }.rows == [["1", "2"], ["4", "5"]])
  }

  @Test func otherEncodingsAreErrorsOrRead() throws {
    let file = try CSVTestFile([UInt8]("a,b\n1,caf".utf8) + [0xE9] + Array("\n".utf8))
    let error = #expect(throws: Diagnostic.self) { try file.table() }
    #expect(error?.code == .notUTF8 && error?.message.contains("line 2, byte 9") == true)
    #expect(try file.table { $0.encoding = .latin1 }.rows == [["1", "café"]])
    #expect(throws: Diagnostic.self) { try CSVTestFile([0xFF, 0xFE, 0x61, 0]).table() }
  }

  @Test func openQuotesAreNamed() throws {
    let error = #expect(throws: Diagnostic.self) { try table("a,b\n1,x\n2,\"never closed\n3,y\n") }
    #expect(error?.code == .unterminatedQuote && error?.message.contains("line 3, byte 10") == true)
  }

  @Test func readsOneColumnOfTextWithSeparators() throws {
    #expect(try table("note\nfoo; bar\nplain\na; b; c\n").rows == [["foo; bar"], ["plain"], ["a; b; c"]])
    #expect(try table("note\nx|y\nz|w\n").rows == [["x|y"], ["z|w"]])
    #expect(try table("a,b\n1,2\n") { $0.delimiter = .some(nil) }.rows == [["1,2"]])
    #expect(try table("sep=;\na;b\n1,5;2\n").rows == [["1,5", "2"]])
    #expect(try table("\u{FEFF}sep=|\r\na|b\r\n1,5|2\r\n").schema.names == ["a", "b"])
  }

  @Test func readsFirstRecordsOfAnyLength() throws {
    let names = (0..<3000).map { "sample_\(String(repeating: "0", count: 8))\($0)" }
    let row = (0..<3000).map(String.init)
    let found = try table(names.joined(separator: ",") + "\n" + row.joined(separator: ",") + "\n")
    #expect(found.schema.names == names && found.rows == [row])
    let long = String(repeating: "x", count: 3 << 20)
    #expect(try table("a,b\n1,\(long)\n2,y\n").rows == [["1", long], ["2", "y"]])
  }

  @Test func unionsSchemasByName() {
    let union = unifiedSchema(of: [
      Schema([Field("a", .int64), Field("b", .date)]), Schema([Field("b", .timestamp), Field("c", .string), Field("a", .float64)]),
      Schema([Field("c", .int64)]),
    ])
    #expect(union == Schema([Field("a", .float64), Field("b", .timestamp), Field("c", .string)]))
  }

  @Test func missingFilesAreUserErrors() {
    #expect(throws: Diagnostic.self) { try ByteSource(path: "/no/such/file.csv") }
    #expect(throws: Diagnostic.self) { try ByteSource(path: "/") }
  }
}
