// Arrow's streaming format: cut anywhere, with values of every type, and with every kind of damage.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct ArrowStreamingTests {
  private let streaming = ArrowStreaming()
  private let schema = Schema([
    Field("i", .int64), Field("f", .float64), Field("s", .string), Field("b", .bool), Field("d", .date), Field("t", .timestamp),
    Field("l", .list(.string)), Field("o", .structure([Field("x", .int64), Field("y", .list(.bool))])), Field("é", .binary),
  ])

  private var rows: [[Value]] {
    let fields = [Field("x", DataType.int64), Field("y", .list(.bool))]
    return [
      [
        .int64(.min), .float64(0.1), .string("a\"\n\u{1F600}"), .bool(true), .date(19_753), .timestamp(1_704_110_400_500_000),
        .list([.string("x"), .null, .string("")]), .structure(fields, [.int64(3), .list([.bool(false)])]), .binary([0, 255]),
      ],
      schema.fields.map { _ in .null },
      [
        .int64(7), .float64(-.infinity), .string(""), .bool(false), .date(-1), .timestamp(-1), .list([]),
        .structure(fields, [.null, .null]), .binary([]),
      ],
    ]
  }

  private func batch(_ rows: [[Value]]) -> Batch {
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    for row in rows { for (builder, value) in zip(builders, row) { builder.append(value) } }
    return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: rows.count)
  }

  private var stream: [UInt8] {
    streaming.header(schema) + streaming.encode(batch(rows)) + streaming.encode(batch(rows).slice(from: 1, count: 2))
      + streaming.footer(schema)
  }

  private func decode(_ parts: [[UInt8]], isGiven: Bool = false) throws -> [[Value]] {
    let decoder = streaming.makeDecoder(schema, isGiven: isGiven)
    return try parts.enumerated().flatMap { index, part in
      let batch = try decoder.decode(part, isEnd: index == parts.count - 1)
      return (0..<batch.rowCount).map(batch.row)
    }
  }

  @Test func everySplitGivesTheSameRows() throws {
    let expected = rows + rows.dropFirst()
    for place in 0...stream.count {
      #expect(try decode([Array(stream[..<place]), Array(stream[place...]), []]) == expected, "cut at \(place)")
    }
    // The end may be told by the pipe alone.
    #expect(try decode([Array(stream.dropLast(8))]) == expected)
  }

  @Test func theStreamTellsItsColumns() throws {
    #expect(try streaming.schema(of: stream, isWhole: true, like: Schema([])) == schema)
    #expect(try streaming.schema(of: Array(stream.prefix(20)), isWhole: false, like: Schema([])) == nil)
    let nothing = Schema([Field("n", .null)])
    #expect(try streaming.schema(of: streaming.header(nothing), isWhole: true, like: Schema([Field("n", .date)]))?.types == [.date])
    #expect(try streaming.schema(of: streaming.header(nothing), isWhole: true, like: Schema([]))?.types == [.string])
  }

  @Test func messagesAreAligned() throws {
    for bytes in [streaming.header(schema), streaming.encode(batch(rows))] { #expect(bytes.count % 8 == 0 && bytes[4] % 8 == 0) }
  }

  @Test func columnsAreHeldAgainstTheSchema() throws {
    func mistake(_ other: Schema, isGiven: Bool) -> String? {
      do throws(StreamMistake) {
        _ = try streaming.makeDecoder(other, isGiven: isGiven).decode(stream, isEnd: true)
        return nil
      } catch { return error.text }
    }
    #expect(mistake(Schema([schema[2]]), isGiven: true) == nil)
    #expect(mistake(Schema([schema[2]]), isGiven: false) == "message 1: the sample had fewer columns")
    #expect(mistake(Schema([Field("s", .date)]), isGiven: true) == "message 1, column s: it is string, not date")
    #expect(mistake(Schema([Field("q", .date)]), isGiven: true) == "message 1, column q: it is missing")
  }

  @Test func brokenStreamsAreTold() {
    #expect(throws: StreamMistake.self) { try decode([Array(stream.prefix(stream.count - 20))]) }
    #expect(throws: StreamMistake.self) { try decode([Array("hello world".utf8)]) }
    #expect(throws: StreamMistake.self) { try decode([streaming.encode(batch(rows))]) }
  }

  /// Whatever the bytes are, they are rows or a mistake, and rows that can be looked at.
  @Test func noBytesTrap() {
    var generator = SystemRandomNumberGenerator()
    let good = stream
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
      }
      _ = try? decode([bytes])
      _ = try? streaming.schema(of: bytes, isWhole: true, like: schema)
    }
  }
}
