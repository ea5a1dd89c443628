// What the note with Arrow's schema adds to the types of a Parquet file, and where it is not believed.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct ParquetArrowSchemaTests {
  private static let fields = [Field("z", .instant(.seconds, zone: "Asia/Kolkata")), Field("n", .null)]
  private static let seconds = DataType.instant(.seconds, zone: nil)
  private static let entry = [Field("key", .string), Field("value", seconds)]
  private static let schema = Schema([
    Field("s", .instant(.seconds, zone: nil)), Field("z", .instant(.nanoseconds, zone: "Europe/Berlin")), Field("d", .duration(.seconds)),
    Field("t", .time(.seconds)), Field("n", .null), Field("l", .list(.duration(.milliseconds))), Field("b", .structure(fields)),
    Field("m", .map(.string, .instant(.seconds, zone: nil))), Field("u", .instant(.microseconds, zone: "UTC")), Field("i", .int64),
  ])

  private static func batch() -> Batch {
    let values: [Value] = [
      .instant(-5, .seconds, zone: nil), .instant(7, .nanoseconds, zone: "Europe/Berlin"), .duration(-3, .seconds), .time(86_399, .seconds),
      .null, .list([.duration(1, .milliseconds), .null]), .structure(fields, [.instant(9, .seconds, zone: "Asia/Kolkata"), .null]),
      .map(.string, seconds, [.structure(entry, [.string("k"), .instant(2, .seconds, zone: nil)])]),
      .instant(1, .microseconds, zone: "UTC"), .int64(4),
    ]
    let rows = [values, [Value](repeating: .null, count: schema.count)]
    let columns = schema.fields.enumerated().map { index, field in
      let builder = ColumnBuilder(type: field.type)
      for row in rows { builder.append(row[index]) }
      return builder.finish()
    }
    return Batch(schema: schema, columns: columns, rowCount: rows.count)
  }

  private static func file(_ batch: Batch) throws -> [UInt8] {
    let output = MutableBuffer(capacity: 1 << 12)
    try ParquetWriting().append([batch], schema: batch.schema, to: output)
    return Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
  }

  @Test func keepsWhatParquetHasNoTypesFor() throws {
    let batch = Self.batch()
    let found = try ParquetFileTests.rows(try Self.file(batch))
    #expect(found.schema == Self.schema)
    #expect(found.rows == [batch.row(0), batch.row(1)])
  }

  @Test func doesNotBelieveWhatContradictsParquet() throws {
    let file = try CSVTestFile(try Self.file(Self.batch()))
    let plain = try ParquetSchema(ParquetFooter(ByteSource(path: file.path)).metadata.schema, place: ParquetPlace(path: ""))
    func types(_ schema: Schema) -> [DataType] { plain.refined(ParquetArrowSchema.encoded(schema)).schema.fields.map(\.type) }
    let own = plain.schema.fields.map(\.type)
    #expect(types(Self.schema) == Self.schema.fields.map(\.type))
    #expect(types(Schema(Self.schema.fields.dropLast())) == own)
    #expect(types(Schema(Self.schema.fields.map { Field("other " + $0.name, $0.type) })) == own)
    #expect(types(Schema(Self.schema.fields.map { Field($0.name, .string) })) == own)
    #expect(types(Schema(Self.schema.fields.map { Field($0.name, .list(.duration(.seconds))) }))[5] == .list(.duration(.seconds)))
    // A zone for what has none, and none for what has one.
    #expect(types(Schema(Self.schema.fields.map { Field($0.name, .instant(.seconds, zone: "Asia/Tokyo")) }))[0] == own[0])
    #expect(types(Schema(Self.schema.fields.map { Field($0.name, .timestamp) }))[1] == own[1])
    #expect(plain.refined([]).schema == plain.schema)
    #expect(plain.refined(Array("no base 64".utf8)).schema == plain.schema)
  }

  @Test func changedNotesAreReadOrIgnored() throws {
    let file = try CSVTestFile(try Self.file(Self.batch()))
    let plain = try ParquetSchema(ParquetFooter(ByteSource(path: file.path)).metadata.schema, place: ParquetPlace(path: ""))
    let note = ParquetArrowSchema.encoded(Self.schema)
    for index in note.indices {
      for letter in "A/9=!".utf8 {
        var changed = note
        changed[index] = letter
        #expect(plain.refined(changed).columns.count == plain.columns.count)
      }
      #expect(plain.refined(Array(note.prefix(index))).columns.count == plain.columns.count)
    }
  }

  @Test func fractionsOfSecondsAreKept() throws {
    func schema(_ unit: TimeResolution) -> Schema { Schema([Field("t", .instant(unit, zone: nil))]) }
    let builder = ColumnBuilder(type: schema(.milliseconds)[0].type)
    builder.append(.instant(1500, .milliseconds, zone: nil))
    var bytes = try Self.file(Batch(schema: schema(.milliseconds), columns: [builder.finish()], rowCount: 1))
    let (own, other) = (ParquetArrowSchema.encoded(schema(.milliseconds)), ParquetArrowSchema.encoded(schema(.seconds)))
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: own) })
    bytes.replaceSubrange(place..<place + own.count, with: other)
    // The file says seconds now: a run ends with the type that fits.
    do {
      _ = try ParquetFileTests.rows(bytes)
      Issue.record("a fraction of a second was read as seconds")
    } catch let mismatch as SchemaMismatch { #expect(mismatch.columns.map(\.type) == [.instant(.milliseconds, zone: nil)]) }
  }

  @Test func refusesMapsWithNullKeys() throws {
    let type = DataType.map(.int64, .int64)
    let builder = ColumnBuilder(type: type)
    builder.append(.map(.int64, .int64, [.structure([Field("key", .int64), Field("value", .int64)], [.null, .int64(1)])]))
    let batch = Batch(schema: Schema([Field("m", type)]), columns: [builder.finish()], rowCount: 1)
    #expect(throws: Diagnostic.self) { try Self.file(batch) }
  }
}
