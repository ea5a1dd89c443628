// Which first records name the columns, in one file and in several.
import DshColumns
import Testing
import DshDiagnostics

@testable import DshFormats

@Suite struct CSVHeaderTests {
  private func names(_ text: String) throws -> [String] { try CSVTestFile(text).table().schema.names }

  @Test func periodsNameColumnsOfOtherValues() throws {
    #expect(try names("region,2023,2024,2025\nnorth,1,2,3\nsouth,4,5,6\n") == ["region", "2023", "2024", "2025"])
    #expect(try names("country,2019,2020\nA,yes,no\nB,no,no\n") == ["country", "2019", "2020"])
    #expect(try names("country,2019\nA,yes\nB,no\n") == ["country", "2019"])
    #expect(try names("country,2020,2015,2010\nA,1.5,2,3\n") == ["country", "2020", "2015", "2010"])
    #expect(try names("region,2024-01-31,2024-02-29\nnorth,1,2\n") == ["region", "2024-01-31", "2024-02-29"])
    #expect(try names("region,2024-01-31,2024-02-29\nnorth,up,down\n") == ["region", "2024-01-31", "2024-02-29"])
    #expect(try names("id,2019,2020\nA,2019-05-01,2020-05-01\n") == ["id", "2019", "2020"])
    #expect(try names(",0,1,2\n0,5.5,6.5,7\n1,3,4,5\n") == ["column1", "0", "1", "2"])
  }

  @Test func rowsAreNoNames() throws {
    for text in [
      "Ann,1999,2001\nBob,2001,2004\nCy,1987,1990\n", "1,n/a,3\n4,5,6\n", "2001,5,7\n2002,6,8\n", "Mary,F,7065\nAnna,F,2604\n",
      "2024-01-01,2024-02-01\n2024-01-02,2024-02-03\n", "ann,x\nbob,x\n",
    ] {
      #expect(try names(text).first == "column1", "\(text)")
    }
  }

  @Test func namesMayComeAgain() throws {
    #expect(try names("name,kind\nfoo,kind\nbar,other\n") == ["name", "kind"])
    #expect(try names("name,name\nfoo,bar\nx,y\n") == ["name", "name_2"])
  }

  /// Who names the columns has no header, unless types tell of one, or it says the same.
  @Test func namesThatAreGivenTakeThePlaceOfAHeader() throws {
    func rows(_ text: String, _ names: [String]) throws -> [[String?]] { try CSVTestFile(text).table { $0.names = names }.rows }
    #expect(try rows("x\ny\nz\n", ["a"]) == [["x"], ["y"], ["z"]])
    #expect(try rows("a\ny\nz\n", ["a"]) == [["y"], ["z"]])
    #expect(try rows("n\n1\n2\n", ["a"]) == [["1"], ["2"]])
    #expect(try rows("x,p\ny,q\n", ["a", "b"]) == [["x", "p"], ["y", "q"]])
  }

  @Test func aHeaderInTheMiddleIsNoRow() throws {
    let found = try CSVTestFile("id,n\n1,2\nid,n\n3,4\nid,n\n").table()
    #expect(found.schema == Schema([Field("id", .int64), Field("n", .int64)]) && found.rows == [["1", "2"], ["3", "4"]])
    // Where no type tells, a line like the header is a row.
    let texts = try CSVTestFile("name,kind\nfoo,a\nname,kind\nbar,b\nbaz,c\n").table()
    #expect(texts.schema.names == ["name", "kind"] && texts.rows.count == 4)
  }

  @Test func aHeaderFarBehindTheSampleIsNoRow() throws {
    let note = String(repeating: "x", count: 180)
    let row = { (id: Int) in "\(id),\"\(note)\"\n" }
    let part = (0..<7000).map(row).joined()
    let header = "id,note\n"
    let text = header + part + header + part
    let file = try CSVTestFile(text)
    let sniffed = try file.sniff()
    #expect(!sniffed.isComplete && sniffed.schema.types == [.int64, .string])
    #expect(String(decoding: sniffed.dialect.repeatedHeader, as: UTF8.self) == "id,note")
    for (wanted, border) in [([0, 1], 0), ([0], 8 + part.utf8.count), ([1], 20 + part.utf8.count)] {
      let rows = try file.rows(sniffed.dialect, sniffed.schema, dataStart: sniffed.dataStart, wanted: wanted, borders: [border])
      let count = rows.count
      #expect(count == 14_000, "\(wanted)")
    }
  }

  @Test func aRepeatedHeaderInOneColumn() throws {
    #expect(try CSVTestFile("n\n1\n2\nn\n3\n").table().rows == [["1"], ["2"], ["3"]])
    #expect(try CSVTestFile("word\na\nword\nb\n").table().rows.count == 3)
    #expect(try CSVTestFile("\"id\",\"name\"\n1,\"a\"\n\"id\",\"name\"\n2,\"b\"\n").table().rows == [["1", "a"], ["2", "b"]])
  }

  @Test func quotedNumbersNameUnquotedOnes() throws {
    #expect(try names("\"1\",\"2\"\n3,4\n") == ["1", "2"])
    #expect(try names("\"1\",\"2\"\n\"3\",\"4\"\n") == ["column1", "column2"])
    #expect(try names("\" a\",b \n3,4\n") == [" a", "b"])
  }

  private func together(_ texts: [String], _ options: CSVOptions = CSVOptions()) throws -> (files: [CSVSniffed], schema: Schema) {
    try sniffed(try texts.map { try CSVTestFile($0) }, options)
  }

  @Test func filesOfOneReadAreJudgedTogether() throws {
    let typed = Schema([Field("id", .int64), Field("n", .int64)])
    #expect(try together(["id,n\n1,2\n", "id,n\n"]).schema == typed)
    #expect(try together(["id,n\n1,2\n", "id,n\n,\n,\n", ""]).schema == typed)
    #expect(try together(["id,n\n1,2\n", "3,4\n"]).schema == typed)
    #expect(try together(["region,2023,2024\nn,1,2\n", "region,2023,2024\ns,2011,2012\n"]).schema.names == ["region", "2023", "2024"])
    #expect(try together(["name,kind\nfoo,a\n", "name,kind\nname,kind\n"]).files.allSatisfy { $0.dialect.hasHeader })
    #expect(try together(["1,Ann\n2,Bob\n", "id,name\n"]).files.map(\.dialect.hasHeader) == [false, true])
  }

  @Test func typesMayNameAColumnOfSomeFiles() throws {
    var options = CSVOptions()
    options.types = .inferred(["n": .string])
    let found = try together(["id\n1\n", "id,n\n2,3\n"], options)
    #expect(found.schema == Schema([Field("id", .int64), Field("n", .string)]) && found.files.map(\.dialect.fixedColumns) == [[], [1]])
  }
}
