// Numbers, dates and truth values from text; types that widen and what they widen to.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct CSVTypesTests {
  /// The values of one column of the given type; throws where one does not fit.
  private func values(_ cells: [String], _ type: DataType) throws -> [Value] {
    let file = try CSVTestFile(cells.map { $0 + ",x\n" }.joined())
    let scan = try file.scan(Schema([Field("a", type), Field("b", .string)]), wanted: [0])
    let reader = try SplitReader(scan, predicate: nil, batchRows: 8192)
    var values: [Value] = []
    while let batch = try reader.next() { for row in 0..<batch.rowCount { values.append(batch.columns[0].value(at: row)) } }
    return values
  }

  private func type(_ cells: [String]) throws -> DataType {
    let file = try CSVTestFile("h,x\n" + cells.map { $0 + ",y\n" }.joined())
    return try file.sniff { $0.header = true }.schema[0].type
  }

  @Test func infersTheNarrowestType() throws {
    #expect(try type(["1", "-20", "", "9223372036854775807", "-9223372036854775808"]) == .int64)
    #expect(try type(["9223372036854775808"]) == .string)
    #expect(try type(["00501", "10001"]) == .string)
    #expect(try type(["0", "0.5", "-0"]) == .float64)
    #expect(try type(["1", "2.5", "7E+04", ".097", "5."]) == .float64)
    #expect(try type(["12345678901234567890", "1.5"]) == .string)
    #expect(try type(["1e400"]) == .string)
    #expect(try type(["nan", "-inf", "1"]) == .float64)
    #expect(try type(["true", "False", "TRUE"]) == .bool)
    #expect(try type(["true", "1"]) == .string)
    #expect(try type(["2024-01-31", ""]) == .date)
    #expect(try type(["2024-01-31", "2024-01-31 10:00"]) == .timestamp)
    #expect(try type(["2024-01-31T10:00:00.25Z"]) == .timestamp)
    #expect(try type(["2023-02-29"]) == .string)
    #expect(try type(["2024-01-31", "7"]) == .string)
    #expect(try type(["1", "\"2\""]) == .int64)
    #expect(try type(["1", "\"\""]) == .int64)
    #expect(try type(["\"\"", "x"]) == .string)
    // A whole number that a fraction's type would round keeps its digits, wherever it stands.
    #expect(try type(["9007199254740993"]) == .int64)
    #expect(try type(["9007199254740993", "0.5"]) == .string)
    #expect(try type(["0.5", "-9007199254740993"]) == .string)
    #expect(try type(["9007199254740992", "0.5", "1000000000000000000"]) == .float64)
    #expect(try type(["1", "NA"]) == .string)
    #expect(try type(["+49301234"]) == .string)
    #expect(try type([" 1", "2 "]) == .int64)
    #expect(try type(["", "\\N"]) == .string)
  }

  @Test func integersAreExact() throws {
    var generator = SeededGenerator(state: 6)
    var numbers: [Int64] = [0, -1, .max, .min, 99_999_999, 100_000_000, 9_999_999_999_999_999, 10_000_000_000_000_000]
    for _ in 0..<20_000 {
      numbers.append(Int64.random(in: .min ... .max, using: &generator) >> Int64.random(in: 0..<64, using: &generator))
    }
    #expect(try values(numbers.map(\.description), .int64) == numbers.map { .int64($0) })
  }

  @Test func floatsAreRoundedExactly() throws {
    var generator = SeededGenerator(state: 7)
    var texts = [
      "3521418059.923445", "2813571753.8725324", "9007199254740993e0", "9007199254740993.0", "0.1", "1e22", "1e23",
      "1.7976931348623157e308",
      "5e-324",
      "2.2250738585072011e-308", "0.30000000000000004", "123456789012345678.9", "1234567890123456789.5", "179769313486231570000e288",
      "0.000000000000000000000001234",
      "9007199254740992.5", "9007199254740991.5", "18446744073709551615.0", "4503599627370497.5", "4503599627370498.5", "1e-27", "1e27",
      "-0.0",
    ]
    for _ in 0..<60_000 {
      let digits = Int.random(in: 1...21, using: &generator)
      var text = String(Int.random(in: 1...9, using: &generator))
      for _ in 1..<max(2, digits) { text += String(Int.random(in: 0...9, using: &generator)) }
      let point = Int.random(in: 1...text.count, using: &generator)
      text.insert(".", at: text.index(text.startIndex, offsetBy: point))
      if Bool.random(using: &generator) { text += "e\(Int.random(in: -40...40, using: &generator))" }
      texts.append(Bool.random(using: &generator) ? "-" + text : text)
      texts.append(Double(bitPattern: .random(in: 0..<0x7FF0_0000_0000_0000, using: &generator)).description)
    }
    let found = try values(texts, .float64)
    for (text, value) in zip(texts, found) where value != .float64(Double(text) ?? .nan) { Issue.record("\(text) became \(value)") }
  }

  @Test func datesAndTimestampsAgreeWithTheCalendar() throws {
    var generator = SeededGenerator(state: 8)
    var dates: [String] = ["0000-01-01", "0000-02-29", "0001-01-01", "9999-12-31", "2000-02-29"]
    for _ in 0..<20_000 {
      let output = MutableBuffer(capacity: 16)
      Calendar.append(date: Int.random(in: -719_528...2_932_896, using: &generator), to: output)
      dates.append(String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self))
    }
    let days = dates.map { text in Array(text.utf8).withUnsafeBytes { Calendar.parseDate($0) } }
    #expect(try values(dates, .date) == days.map { $0.map { .date($0) } ?? .null })
    let moments = dates.map {
      $0 + generator.pick(["", " 10:00", "T23:59:59", " 01:02:03.5", "T01:02:03.123456Z", " 00:00:00.1234560+00:00"])
    }
    let wanted = moments.map { text in Array(text.utf8).withUnsafeBytes { Calendar.parseTimestamp($0) } }
    #expect(try values(moments, .timestamp) == wanted.map { $0.map { .timestamp($0) } ?? .null })
    for wrong in [
      "2024-13-01", "2024-00-01", "2024-01-00", "2023-02-29", "1900-02-29", "2024-04-31", "2024/01/01", "20240101", "2024-1-01",
      "2024-01-0a",
    ] {
      #expect(throws: SchemaMismatch.self) { try values([wrong], .date) }
    }
    for wrong in [
      "2024-01-01 24:00", "2024-01-01 10:60", "2024-01-01 10:00:60", "2024-01-01 10", "2024-01-01 10:00:00.", "2024-01-01 10:00:00.1234567",
      "2024-01-01 10:00+02:00", "2024-01-01 10:0",
    ] {
      #expect(throws: SchemaMismatch.self) { try values([wrong], .timestamp) }
    }
  }

  @Test func aMismatchNamesAllColumnsAtOnce() throws {
    let rows = (0..<3000).map { "\($0),\($0),2024-01-31,true\n" }.joined()
    let file = try CSVTestFile(rows + "1,12.50,2024-01-31 10:00,maybe\n2,abc,x,true\n")
    let schema = Schema([Field("a", .int64), Field("b", .int64), Field("c", .date), Field("d", .bool)])
    let scan = try file.scan(schema, wanted: [0, 1, 2, 3])
    let reader = try SplitReader(scan, predicate: nil, batchRows: 8192)
    let mismatch = try #require(throws: SchemaMismatch.self) { while let _ = try reader.next() {} }
    #expect(mismatch.reading == SchemaMismatch.Reading(path: file.path, layout: scan.layout, schema: schema))
    #expect(mismatch.range == 0..<(try ByteSource(path: file.path).sizeBytes))
    #expect(mismatch.columns.map(\.index) == [1, 2, 3])
    #expect(mismatch.columns.map(\.type) == [.string, .string, .string])
    #expect(mismatch.columns.map(\.text) == ["12.50", "2024-01-31 10:00", "maybe"])
    #expect(mismatch.columns[0].byteOffset == rows.utf8.count + 2)
    let read = try file.rows(CSVDialect(), mismatch.applied(to: schema))
    #expect(read.count == 3002 && read[3000] == ["1", "12.50", "2024-01-31 10:00", "maybe"] && read[0][1] == "0")
  }

  @Test func wideningEndsWhereFullInferenceStands() throws {
    var generator = SeededGenerator(state: 9)
    let pool = [
      "1", "-5", "2.5", "1e3", "true", "FALSE", "2024-01-31", "2024-01-31 10:00", "abc", "007", "", "\\N", "12345678901234567890", "nan",
    ]
    for round in 0..<600 {
      let kinds = (0..<Int.random(in: 1...3, using: &generator)).map { _ in generator.pick(pool) }
      let cells = (0..<Int.random(in: 2...30, using: &generator)).map { _ in generator.pick(kinds) }
      let file = try CSVTestFile(cells.map { $0 + ",x\n" }.joined())
      let full = try file.sniff { $0.header = false }
      let head = try CSVTestFile(cells.prefix(1).map { $0 + ",x\n" }.joined()).sniff { $0.header = false }
      guard let first = cells.first, first != "", first != "\\N" else { continue }
      var schema = head.schema
      for _ in 0..<5 {
        do {
          _ = try file.rows(full.dialect, schema, batchRows: round % 2 == 0 ? 1 : 100)
          break
        } catch let mismatch as SchemaMismatch {
          schema = mismatch.applied(to: schema)
        }
      }
      #expect(schema[0].type == full.schema[0].type, "\(cells)")
    }
  }

  @Test func givenTypesAreKept() throws {
    let file = try CSVTestFile("zip,n\n00501,1\n10001,2\n")
    let table = try file.table { $0.types = .inferred(["zip": .int64, "n": .float64]) }
    #expect(table.schema.types == [.int64, .float64])
    #expect(table.rows == [["501", "1.0"], ["10001", "2.0"]])
    let wrong = try CSVTestFile("zip,n\n1,1\nx,2\n")
    let error = #expect(throws: Diagnostic.self) { try wrong.table { $0.types = .inferred(["zip": .int64]) } }
    #expect(error?.code == .cellType && error?.message.contains("line 3") == true)
    let unknown = #expect(throws: Diagnostic.self) { try wrong.table { $0.types = .inferred(["zap": .int64]) } }
    #expect(unknown?.code == .unknownColumn)
    #expect(try file.table { $0.types = .allString }.rows[0] == ["00501", "1"])
  }

  @Test func aMismatchTravelsAsBytes() throws {
    let file = try CSVTestFile("1,x\nabc,y\n")
    let reader = try SplitReader(
      try file.scan(Schema([Field("a", .int64), Field("b", .string)]), wanted: [0]), predicate: nil, batchRows: 8192)
    let mismatch = try #require(throws: SchemaMismatch.self) { while let _ = try reader.next() {} }
    var writer = ByteWriter()
    mismatch.encode(to: &writer)
    var back = ByteReader(writer.bytes)
    #expect(try SchemaMismatch(from: &back) == mismatch)
    for length in writer.bytes.indices {
      var cut = ByteReader(Array(writer.bytes.prefix(length)))
      #expect(throws: (any Error).self) { try SchemaMismatch(from: &cut) }
    }
  }
}
