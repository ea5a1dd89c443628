// CSV through pipes: cut anywhere, with values of every type, and with every kind of mistake.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct CSVStreamingTests {
  private let streaming = CSVStreaming()
  private let schema = Schema([
    Field("i", .int64), Field("f", .float64), Field("s", .string), Field("b", .bool), Field("d", .date), Field("t", .timestamp),
  ])

  private let rows: [[Value]] = [
    [.int64(.min), .float64(0.1), .string("a\"\n,\u{1F600}"), .bool(true), .date(19_753), .timestamp(1_704_110_400_500_000)],
    [.null, .null, .string(""), .null, .null, .null],
    [.int64(7), .float64(1e300), .null, .bool(false), .date(0), .timestamp(0)],
  ]

  private var text: [UInt8] {
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
    return streaming.header(schema) + streaming.encode(Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rows.count))
  }

  private func decode(_ bytes: [UInt8], _ schema: Schema, isGiven: Bool) throws -> [[Value]] {
    let batch = try streaming.makeDecoder(schema, isGiven: isGiven).decode(bytes, isEnd: true)
    return (0..<batch.rowCount).map(batch.row)
  }

  private func mistake(_ text: String, isGiven: Bool = true) -> String? {
    do {
      _ = try decode(Array(text.utf8), Schema([Field("a", .int64), Field("b", .string)]), isGiven: isGiven)
      return nil
    } catch { return (error as? StreamMistake)?.text }
  }

  @Test func everySplitGivesTheSameRows() throws {
    for place in 0...text.count {
      let decoder = streaming.makeDecoder(schema, isGiven: false)
      let parts = [
        try decoder.decode(Array(text[..<place]), isEnd: false), try decoder.decode(Array(text[place...]), isEnd: false),
        try decoder.decode([], isEnd: true),
      ]
      #expect(parts.flatMap { part in (0..<part.rowCount).map(part.row) } == rows, "cut at \(place)")
    }
  }

  @Test func byteByByte() throws {
    let decoder = streaming.makeDecoder(schema, isGiven: false)
    var found: [[Value]] = []
    for byte in text {
      let batch = try decoder.decode([byte], isEnd: false)
      found += (0..<batch.rowCount).map(batch.row)
    }
    let last = try decoder.decode([], isEnd: true)
    found += (0..<last.rowCount).map(last.row)
    #expect(found == rows)
  }

  @Test func typesOfASample() throws {
    func types(_ text: String, like input: Schema = Schema([]), isWhole: Bool = true) throws -> [DataType]? {
      try streaming.schema(of: Array(text.utf8), isWhole: isWhole, like: input)?.types
    }
    #expect(try streaming.schema(of: text, isWhole: true, like: schema) == schema)
    #expect(try types("a,b,c\n1,x,\n2.5,y,\n") == [.float64, .string, .string])
    #expect(try types("a,b\n1,007\n", like: Schema([Field("b", .string), Field("a", .float64)])) == [.float64, .string])
    #expect(try types("a\n1\nx", isWhole: false) == [.int64])
    #expect(try types("a") == [.string])
    #expect(try types("") == nil)
    #expect(throws: StreamMistake.self) { try types("a,a\n1,2\n") }
    #expect(throws: StreamMistake.self) { try types("a,b\n1\n") }
  }

  /// As of a program that leaves out lines, the first too.
  @Test func aRowIsNoHeader() throws {
    let input = Schema([Field("day", .date), Field("2024", .int64)])
    func names(_ text: String) throws -> [String]? { try streaming.schema(of: Array(text.utf8), isWhole: true, like: input)?.names }
    #expect(throws: StreamMistake.self) { try names("2024-01-02,7\n2024-01-03,8\n") }
    #expect(throws: StreamMistake.self) { try names("rain,7\nsun,8\n") }
    #expect(try names("day,2024\n2024-01-02,7\n") == ["day", "2024"])
    #expect(try names("other,name\n1,2\n") == ["other", "name"])
  }

  @Test func aHeaderMayBeMissingWhereColumnsAreGiven() throws {
    let schema = Schema([Field("a", .int64)])
    #expect(try decode(Array("a\n1\n".utf8), schema, isGiven: true) == [[.int64(1)]])
    #expect(try decode(Array("1\n2".utf8), schema, isGiven: true) == [[.int64(1)], [.int64(2)]])
    #expect(try decode([], schema, isGiven: false) == [])
    #expect(throws: StreamMistake.self) { try decode(Array("1\n2".utf8), schema, isGiven: false) }
  }

  @Test func mistakesHavePlaces() {
    #expect(mistake("a,b\n1,x\ny,z\n") == "record 3, column a: this is no int64: y")
    #expect(mistake("a,b\n1,\"x\n\"\n2\n") == "record 3: 1 cells instead of 2: 2")
    #expect(mistake("1,x\n2,\"y\n") == "record 2: a quote is not closed")
    #expect(mistake("b,a\n", isGiven: false) == "record 1: the header should be a,b: b,a")
    let error = #expect(throws: StreamMistake.self) {
      try decode(Array("1,x\n2,".utf8) + [0xFF, 0x0A], Schema([Field("a", .int64), Field("b", .string)]), isGiven: true)
    }
    #expect(error?.place == "record 2")
    #expect(throws: StreamMistake.self) { try decode([], Schema([Field("a", .list(.int64))]), isGiven: true) }
  }

  /// A mistake in later pieces is counted from the first record on.
  @Test func recordsAreCountedThrough() throws {
    let decoder = streaming.makeDecoder(Schema([Field("a", .int64)]), isGiven: true)
    #expect(try decoder.decode(Array("a\n1\n2\n3".utf8), isEnd: false).rowCount == 2)
    let error = #expect(throws: StreamMistake.self) { try decoder.decode(Array("\nx\n".utf8), isEnd: false) }
    #expect(error?.text == "record 5, column a: this is no int64: x")
  }

  @Test func noBytesTrap() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      _ = try? decode(bytes, schema, isGiven: false)
      _ = try? streaming.schema(of: bytes, isWhole: true, like: schema)
    }
  }
}
