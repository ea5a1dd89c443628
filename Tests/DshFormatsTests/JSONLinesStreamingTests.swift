// JSON Lines through pipes: cut anywhere, with values of every type, and with every kind of mistake.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct JSONLinesStreamingTests {
  private let streaming = JSONLinesStreaming()
  private let schema = Schema([
    Field("i", .int64), Field("f", .float64), Field("s", .string), Field("b", .bool), Field("d", .date), Field("t", .timestamp),
    Field("l", .list(.int64)), Field("o", .structure([Field("x", .int64), Field("y", .string)])),
  ])

  private func batch(_ rows: [[Value]], _ schema: Schema) -> Batch {
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
    return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rows.count)
  }

  private var rows: [[Value]] {
    [
      [
        .int64(.min), .float64(0.1), .string("a\"\n\u{1F600}"), .bool(true), .date(19_753), .timestamp(1_704_110_400_500_000),
        .list([.int64(1), .null]), .structure([Field("x", .int64), Field("y", .string)], [.int64(3), .null]),
      ],
      schema.fields.map { _ in .null },
    ]
  }

  private func decode(_ text: String, _ schema: Schema, isGiven: Bool = true) throws -> [[Value]] {
    let decoder = streaming.makeDecoder(schema, isGiven: isGiven)
    let batch = try decoder.decode(Array(text.utf8), isEnd: true)
    return (0..<batch.rowCount).map(batch.row)
  }

  private func mistake(_ text: String, _ type: DataType = .int64, isGiven: Bool = false) -> String? {
    do {
      _ = try decode(text, Schema([Field("a", type)]), isGiven: isGiven)
      return nil
    } catch { return (error as? StreamMistake)?.text }
  }

  @Test func everySplitGivesTheSameRows() throws {
    let bytes = streaming.encode(batch(rows, schema))
    for place in 0...bytes.count {
      let decoder = streaming.makeDecoder(schema, isGiven: false)
      let parts = [
        try decoder.decode(Array(bytes[..<place]), isEnd: false), try decoder.decode(Array(bytes[place...]), isEnd: false),
        try decoder.decode([], isEnd: true),
      ]
      #expect(parts.flatMap { part in (0..<part.rowCount).map(part.row) } == rows, "cut at \(place)")
    }
  }

  @Test func typesAreThoseOfTheInputWhereTheyFit() throws {
    #expect(try streaming.schema(of: streaming.encode(batch(rows, schema)), isWhole: true, like: schema) == schema)
    // Without such an input the types of JSON are left.
    let found = try streaming.schema(of: streaming.encode(batch(rows, schema)), isWhole: true, like: Schema([]))
    #expect(found?.types == [.int64, .float64, .string, .bool, .string, .string, .list(.int64), schema[7].type])
  }

  @Test func typesOfASample() throws {
    func types(_ text: String) throws -> [DataType]? {
      try streaming.schema(of: Array(text.utf8), isWhole: true, like: Schema([Field("s", .string), Field("k", .float64)]))?.types
    }
    #expect(try types(#"{"a": 1, "b": null}"# + "\n" + #"{"a": 1.5, "c": [[], [1]]}"#) == [.float64, .string, .list(.list(.int64))])
    #expect(try types(#"{"a": 1}"# + "\n" + #"{"a": "x"}"#) == [.string])
    #expect(try types(#"{"k": 1, "s": 5}"#) == [.float64, .int64])
    #expect(try types("\n \n") == nil)
    // A line that is not whole is no part of the sample.
    #expect(try streaming.schema(of: Array("{\"a\": 1}\n{\"b".utf8), isWhole: false, like: Schema([]))?.names == ["a"])
  }

  @Test func missingNamesAreNullAndOrderIsFree() throws {
    let schema = Schema([Field("a", .int64), Field("b", .string)])
    #expect(
      try decode("{\"b\":\"x\",\"a\":1}\r\n\n{}\n{\"a\":2.0}", schema) == [
        [.int64(1), .string("x")], [.null, .null], [.int64(2), .null],
      ])
    #expect(try decode(#"{"b":[1,{"c":"d"}],"a":null,"other":1}"#, schema) == [[.null, .string(#"[1,{"c":"d"}]"#)]])
    #expect(try decode(#"{"b":"\ud83d\ude00\u00e9\/"}"#, schema) == [[.null, .string("\u{1F600}é/")]])
    #expect(try decode(#"{"a": NaN}"#, Schema([Field("a", .float64)]))[0][0].type == .float64)
  }

  @Test func mistakesHavePlaces() {
    #expect(mistake("{\"a\":1}\n{\"a\":\"x\"}") == "line 2, column a: this is no int64: \"x\"")
    #expect(mistake(#"{"a":1.5}"#) == "line 1, column a: this is no int64: 1.5")
    #expect(mistake(#"{"b":1}"#) == "line 1, column b: the sample had no such column")
    #expect(mistake("[1]") == "line 1: a JSON object should stand here: [1]")
    #expect(mistake("{\"a\":1} x") == "line 1: something follows the value: x")
    #expect(mistake("{\"a\":") == "line 1: it ends where a value should stand")
    #expect(mistake("{\"a\" 1}") == "line 1: a colon should stand here: 1}")
    #expect(mistake("{\"a\":01}") == "line 1: this is no value: 01}")
    #expect(mistake(#"{"a":"\ud800"}"#, .string) == "line 1: half of a character stands in a text")
    #expect(mistake(#"{"a":"2024-02-30"}"#, .date) == "line 1, column a: this is no date: \"2024-02-30\"")
    #expect(mistake("{\"a\":" + String(repeating: "[", count: 200)) == "line 1: values lie in one another more than 100 deep")
    let decoder = streaming.makeDecoder(Schema([Field("a", .string)]), isGiven: true)
    let error = #expect(throws: StreamMistake.self) {
      try decoder.decode(Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}\n".utf8), isEnd: false)
    }
    #expect(error?.problem.hasPrefix("byte 7 is not UTF-8") == true)
  }

  @Test func noBytesTrap() {
    var generator = SystemRandomNumberGenerator()
    let good = streaming.encode(batch(rows, schema))
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      _ = try? streaming.makeDecoder(schema, isGiven: false).decode(bytes, isEnd: true)
      _ = try? streaming.schema(of: bytes, isWhole: true, like: schema)
    }
  }
}
