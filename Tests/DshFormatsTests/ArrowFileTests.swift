// Arrow files as a whole: what is written is read, however it is cut, and mutated files are refused or read.
import DshColumns
import DshDiagnostics
import Testing

@testable import DshFormats

@Suite struct ArrowFileTests {
  private static let entry = [Field("key", .string), Field("value", .narrow(.int32))]
  static let schema = Schema([
    Field("a", .narrow(.int8)), Field("b", .uint64), Field("c", .narrow(.float32)), Field("d", .decimal(precision: 20, scale: 3)),
    Field("e", .time(.milliseconds)), Field("f", .duration(.seconds)), Field("g", .instant(.nanoseconds, zone: "UTC")), Field("h", .string),
    Field("i", .list(.structure([Field("x", .bool), Field("y", .date)]))), Field("j", .map(.string, .narrow(.int32))), Field("k", .binary),
  ])

  private static func value(_ type: DataType, _ generator: inout SeededGenerator) -> Value {
    if Int.random(in: 0...6, using: &generator) == 0 { return .null }
    let number = Int64.random(in: -100...100, using: &generator)
    switch type {
    case .bool: return .bool(number > 0)
    case .string: return .string(String(repeating: "é", count: Int(number.magnitude) % 5))
    case .binary: return .binary([UInt8](repeating: UInt8(number.magnitude), count: 3))
    case .date: return .date(Int32(number))
    case .narrow(.float32): return .float64(Double(number) / 4)
    case .narrow: return .int64(number)
    case .uint64: return .decimal(DecimalNumber(Int128(number.magnitude), precision: 20, scale: 0))
    case .decimal(let precision, let scale): return .decimal(DecimalNumber(Int128(number) << 40, precision: precision, scale: scale))
    case .time(let unit): return .time(Int64(number.magnitude), unit)
    case .duration(let unit): return .duration(number, unit)
    case .instant(let unit, let zone): return .instant(number << 30, unit, zone: zone)
    case .list(let element): return .list((0..<(number.magnitude % 4)).map { _ in value(element, &generator) })
    case .map: return .list((0..<(number.magnitude % 3)).map { .structure(entry, [.string("k\($0)"), .int64(number)]) })
    case .structure(let fields): return .structure(fields, fields.map { value($0.type, &generator) })
    default: return .null
    }
  }

  static func batch(_ generator: inout SeededGenerator, rows: Int) -> Batch {
    let columns = schema.fields.map { field in
      let builder = ColumnBuilder(type: field.type)
      for _ in 0..<rows { builder.append(value(field.type, &generator)) }
      return builder.finish()
    }
    return Batch(schema: schema, columns: columns, rowCount: rows)
  }

  static func file(_ codec: ArrowCodec?, _ parts: [Batch]) -> [UInt8] {
    let writing = ArrowWriting(codec: codec)
    let output = MutableBuffer(capacity: 1 << 12)
    var bytes = writing.header(schema)
    var summaries: [PartSummary] = []
    for batch in parts {
      output.byteCount = 0
      let part = writing.makePart(schema, output: output)
      do { try part.append(batch) } catch { Issue.record(error) }
      let metadata = part.finish()
      bytes += Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
      summaries.append(PartSummary(rows: batch.rowCount, byteCount: output.byteCount, metadata: metadata))
    }
    return bytes + writing.footer(schema, parts: summaries)
  }

  static func stream(_ parts: [Batch]) -> [UInt8] {
    ArrowStreaming().header(schema) + parts.flatMap { ArrowStreaming().encode($0) } + ArrowStreaming().footer(schema)
  }

  /// Reads a file as a caller does, cut into splits of a size.
  static func rows(_ bytes: [UInt8], blockBytes: Int, batchRows: Int) throws -> (schema: Schema, rows: [[Value]]) {
    let file = try CSVTestFile(bytes)
    let source = try ByteSource(path: file.path)
    let reading = ArrowReading()
    let description = reading.settle([try reading.look(at: source, options: ReadOptions())], options: ReadOptions())[0]
    var rows: [[Value]] = []
    for split in reading.splits(of: description, sizeBytes: source.sizeBytes, blockBytes: blockBytes, spreads: false) {
      let scan = FileScan(
        format: "arrow", path: file.path, identity: source.identity, layout: description.layout, schema: description.schema,
        wanted: Array(0..<description.schema.count), bytes: split, startIsExact: true)
      let reader = try reading.open(scan, source: source, predicate: nil, batchRows: batchRows)
      while let batch = try reader.next() { for row in 0..<batch.rowCount { rows.append(batch.row(row)) } }
    }
    return (description.schema, rows)
  }

  @Test(arguments: [nil, ArrowCodec.lz4Frame, .zstd]) func readsWhatIsWrittenHoweverItIsCut(_ codec: ArrowCodec?) throws {
    var generator = SeededGenerator(state: 5)
    for round in 0..<8 {
      let parts = (0..<Int.random(in: 0...3, using: &generator)).map { _ in Self.batch(&generator, rows: generator.pick([1, 10, 200])) }
      let expected = parts.flatMap { batch in (0..<batch.rowCount).map { batch.row($0) } }
      for bytes in [Self.file(codec, parts), Self.stream(parts)] {
        for blockBytes in [1 << 20, 3000, 97] {
          let found = try Self.rows(bytes, blockBytes: blockBytes, batchRows: generator.pick([1, 7, 1000]))
          #expect(found.schema == Self.schema)
          #expect(found.rows == expected, "round \(round), splits of \(blockBytes) bytes")
        }
      }
    }
  }

  @Test func mutatedFilesAreRefusedOrRead() throws {
    var generator = SeededGenerator(state: 11)
    let parts = [Self.batch(&generator, rows: 20), Self.batch(&generator, rows: 3)]
    for original in [Self.file(nil, parts), Self.file(.zstd, parts), Self.file(.lz4Frame, parts), Self.stream(parts)] {
      for _ in 0..<1000 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0...3, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
          case 2: for index in place..<min(bytes.count, place + 4) { bytes[index] = 0xFF }
          default: bytes.removeLast(Int.random(in: 1...8, using: &generator))
          }
        }
        do { _ = try Self.rows(bytes, blockBytes: 1 << 20, batchRows: 1000) } catch is Diagnostic {} catch is FileChanged {}
      }
    }
  }
}
