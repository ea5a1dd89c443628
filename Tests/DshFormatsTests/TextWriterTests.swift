// What the writers write, and that CSV reads back as it was.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct TextWriterTests {
  private let schema = Schema([
    Field("id", .int64), Field("a \"name\"", .string), Field("x", .float64), Field("ok", .bool), Field("day", .date),
  ])

  private var batch: Batch {
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    let rows: [[Value]] = [
      [.int64(1), .string("plain"), .float64(1), .bool(true), .date(19_753)],
      [.null, .string("a,b\n\"c\""), .float64(.nan), .bool(false), .null],
      [.int64(-3), .string(""), .null, .null, .date(0)],
      [.int64(4), .null, .float64(0.1), .bool(true), .date(1)],
    ]
    for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
    return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rows.count)
  }

  @Test func csvQuotesOnlyWhereItMust() {
    #expect(
      CSVWriter().text(schema, [batch]) == #"""
        id,"a ""name""",x,ok,day
        1,plain,1.0,true,2024-01-31
        ,"a,b
        ""c""",nan,false,
        -3,"",,,1970-01-01
        4,,0.1,true,1970-01-02

        """#)
    #expect(
      CSVWriter(delimiter: UInt8(ascii: "\t")).text(schema, [batch.slice(from: 0, count: 1)])
        == "id\t\"a \"\"name\"\"\"\tx\tok\tday\n1\tplain\t1.0\ttrue\t2024-01-31\n")
  }

  @Test func csvReadsBack() throws {
    var generator = SeededGenerator(state: 10)
    let texts = [
      "", "a", "a,b", "\"", "x\ny", "\r", "\\N", "NA", "007", " s ", "é😀", "12", "true",
      "long text, with a comma, that is longer than a vector",
    ]
    for _ in 0..<200 {
      let builders = [ColumnBuilder(type: .string), ColumnBuilder(type: .int64)]
      let count = Int.random(in: 1...20, using: &generator)
      for _ in 0..<count {
        if Int.random(in: 0...4, using: &generator) == 0 {
          builders[0].appendNull()
        } else {
          builders[0].append(text: generator.pick(texts))
        }
        builders[1].append(.int64(Int64.random(in: .min ... .max, using: &generator)))
      }
      let written = Batch(
        schema: Schema([Field("t", .string), Field("n", .int64)]), columns: builders.map { $0.finish() }, rowCount: count)
      let file = try CSVTestFile(CSVWriter().text(written.schema, [written]))
      let read = try file.table {
        $0.header = true; $0.types = .inferred(["t": .string]); $0.delimiter = ","; $0.quote = UInt8(ascii: "\"");
        $0.escape = .some(nil)
      }
      #expect(read.rows == (0..<count).map { row in written.columns.map { CellText.string($0, row: row) } })
    }
  }

  @Test func jsonHasEveryColumn() {
    let one = batch.slice(from: 1, count: 2)
    #expect(
      JSONLinesWriter().text(schema, [one]) == """
        {"id":null,"a \\"name\\"":"a,b\\n\\"c\\"","x":null,"ok":false,"day":null}
        {"id":-3,"a \\"name\\"":"","x":null,"ok":null,"day":"1970-01-01"}

        """)
    #expect(JSONWriter().text(schema, []) == "[\n\n]\n")
    let ids = Schema([Field("id", .int64)])
    let column = Batch(schema: ids, columns: [batch.columns[0]], rowCount: 4)
    #expect(
      JSONWriter().text(ids, [column.slice(from: 0, count: 2), column.slice(from: 2, count: 0), column.slice(from: 2, count: 2)])
        == "[\n{\"id\":1},\n{\"id\":null},\n{\"id\":-3},\n{\"id\":4}\n]\n")
  }

  @Test func markdownAndLines() {
    let schema = Schema([Field("n", .int64), Field("text", .string)])
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    builders[0].append(.int64(1))
    builders[1].append(text: "a|b\r\nc")
    builders[0].appendNull()
    builders[1].append(text: "d")
    let batch = Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: 2)
    #expect(MarkdownWriter().text(schema, [batch]) == "| n | text |\n|---:|---|\n| 1 | a\\|b<br>c |\n|  | d |\n")
    #expect(LineWriter().text(schema, [batch]) == "   n = 1\ntext = a|b\r\nc\n\n   n = \ntext = d\n")
  }

  @Test func formatsAreFoundByNameAndExtension() throws {
    #expect(FormatRegistry.forPath("/a.b/x.TSV")?.name == "tsv")
    #expect(FormatRegistry.forPath("/a.csv/x")?.name == nil)
    #expect(try FormatRegistry.forReading("data").name == "csv")
    let error = #expect(throws: Diagnostic.self) { try FormatRegistry.forReading("x.md") }
    #expect(error?.code == .notAvailable)
    #expect(throws: Diagnostic.self) { try FormatRegistry.named("cvs") }
  }
}

extension FormatWriting {
  fileprivate func text(_ schema: Schema, _ batches: [Batch]) -> String {
    let output = MutableBuffer(capacity: 1 << 12)
    do { try append(batches, schema: schema, to: output) } catch { Issue.record(error) }
    return String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self)
  }
}
