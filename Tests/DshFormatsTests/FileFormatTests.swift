// A format needs nothing but the protocols: one that is defined here is inspected, split, read and written.
import DshColumns
import DshDiagnostics
import DshFormats
import DshSystem
import Testing

/// Points: a mark, pairs of numbers in binary, and a footer with the number and the sum of each part's first numbers.
private struct PointFormat: FileFormat, FormatReading, FormatWriting {
  let name = "points"
  let extensions = ["points"]
  let summary = "Pairs of whole numbers."
  var reading: (any FormatReading)? { self }
  var writing: (any FormatWriting)? { self }

  static let mark = Array("PNTS".utf8)
  static let schema = Schema([Field("x", .int64), Field("y", .int64)])
  static let recordBytes = 16

  // MARK: Reading

  var optionNames: [String] { ["precision"] }

  /// Where the records end.
  func look(at source: ByteSource, options: ReadOptions) throws -> Int {
    guard try source.bytes(at: 0, count: 4) == Self.mark else { throw Diagnostic(.otherFormat, "no points: \(source.path)") }
    var footer = ByteReader(try source.bytes(at: source.sizeBytes - 8, count: 8))
    return try footer.readInt()
  }

  func settle(_ looks: [Int], options: ReadOptions) -> [FileDescription] {
    looks.map { end in
      var layout = ByteWriter()
      layout.write(end)
      return FileDescription(schema: Self.schema, dataStart: Self.mark.count, layout: layout.bytes)
    }
  }

  func splits(of file: FileDescription, sizeBytes: Int, blockBytes: Int, spreads: Bool) -> FileSplits {
    var layout = ByteReader(file.layout)
    let end = (try? layout.readInt()) ?? file.dataStart
    return FileSplits(of: file.dataStart..<end, blockBytes: blockBytes, spreads: spreads)
  }

  func open(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) -> any FormatReader {
    PointReader(scan, source: source, predicate: predicate, batchRows: batchRows)
  }

  // MARK: Writing

  var separator: [UInt8] { [] }
  func header(_ schema: Schema) -> [UInt8] { Self.mark }
  func makePart(_ schema: Schema, output: MutableBuffer) -> any FormatPart { PointPart(output) }

  func footer(_ schema: Schema, parts: [PartSummary]) -> [UInt8] {
    var footer = ByteWriter()
    for part in parts {
      footer.write(part.rows)
      var sum = ByteReader(part.metadata)
      footer.write((try? sum.readInt()) ?? 0)
    }
    footer.write(parts.reduce(Self.mark.count) { $0 + $1.byteCount })
    return footer.bytes
  }
}

private final class PointPart: FormatPart {
  private let output: MutableBuffer
  private var sum: Int64 = 0

  init(_ output: MutableBuffer) { self.output = output }

  func append(_ batch: Batch) {
    for row in 0..<batch.rowCount {
      for (index, value) in batch.row(row).enumerated() {
        guard case .int64(let number) = value else { continue }
        output.append(number)
        if index == 0 { sum += number }
      }
    }
  }

  func finish() -> [UInt8] {
    var metadata = ByteWriter()
    metadata.write(sum)
    return metadata.bytes
  }
}

private final class PointReader: FormatReader {
  let start: Int
  private let scan: FileScan
  private let source: ByteSource
  private let predicate: (any ScanPredicate)?
  private let batchRows: Int
  private var position: Int

  init(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) {
    self.scan = scan
    self.source = source
    self.predicate = predicate
    self.batchRows = batchRows
    let first = PointFormat.mark.count
    let record = PointFormat.recordBytes
    start = first + (scan.bytes.lowerBound - first + record - 1) / record * record
    position = start
  }

  var scanned: ScanProgress { ScanProgress(rows: (position - start) / PointFormat.recordBytes, bytes: position - start) }

  func next() throws -> Batch? {
    while position < scan.bytes.upperBound {
      let rows = min(batchRows, (scan.bytes.upperBound - position + PointFormat.recordBytes - 1) / PointFormat.recordBytes)
      var reader = ByteReader(try source.bytes(at: position, count: rows * PointFormat.recordBytes))
      let points = try (0..<rows).map { _ in [try reader.readInt64(), try reader.readInt64()] }
      position += rows * PointFormat.recordBytes
      func columns(_ wanted: [Int], _ points: [[Int64]]) -> Batch {
        let columns = wanted.map { column in
          let builder = ColumnBuilder(type: .int64)
          for point in points { builder.append(.int64(point[column])) }
          return builder.finish()
        }
        return Batch(schema: Schema(wanted.map { PointFormat.schema[$0] }), columns: columns, rowCount: points.count)
      }
      var kept = points
      if let predicate, let selection = try predicate.select(columns(predicate.columns, points)) {
        kept = points.indices.filter { selection.word($0 / 64) >> UInt64($0 % 64) & 1 == 1 }.map { points[$0] }
      }
      if !kept.isEmpty { return columns(scan.wanted, kept) }
    }
    return nil
  }

  func finish() -> ScanFindings { ScanFindings(scanned: scanned, range: start..<max(start, position)) }
}

/// Keeps points whose second number is even.
private final class EvenOrdinate: ScanPredicate {
  let columns = [1]
  private(set) var rows = 0

  func select(_ batch: Batch) -> Bitmap? {
    rows += batch.rowCount
    return .make(count: batch.rowCount) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, batch.rowCount - word * 64) where batch.columns[0].value(at: word * 64 + bit).isEven {
        bits |= 1 << UInt64(bit)
      }
      return bits
    }
  }
}

extension Value {
  fileprivate var isEven: Bool { if case .int64(let number) = self { number % 2 == 0 } else { false } }
}

@Suite struct FileFormatTests {
  private func points(_ range: Range<Int64>) -> Batch {
    let builders = [ColumnBuilder(type: .int64), ColumnBuilder(type: .int64)]
    for x in range {
      builders[0].append(.int64(x))
      builders[1].append(.int64(x * x))
    }
    return Batch(schema: PointFormat.schema, columns: builders.map { $0.finish() }, rowCount: range.count)
  }

  /// A file of parts that are made apart, as on different nodes.
  private func write(_ format: any FileFormat, _ parts: [[Batch]]) throws -> [UInt8] {
    let writing = try format.writingOrRefusal()
    let schema = PointFormat.schema
    var file = writing.header(schema)
    var summaries: [PartSummary] = []
    for batches in parts {
      let output = MutableBuffer(capacity: 16)
      let part = writing.makePart(schema, output: output)
      for batch in batches { try part.append(batch) }
      let metadata = part.finish()
      let bytes = Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
      if !summaries.isEmpty { file += writing.separator }
      file += bytes
      summaries.append(PartSummary(rows: batches.reduce(0) { $0 + $1.rowCount }, byteCount: bytes.count, metadata: metadata))
    }
    return file + writing.footer(schema, parts: summaries)
  }

  private func inspected(_ files: [(CSVTestFile, any FileFormat)], _ options: ReadOptions = ReadOptions()) throws -> [InspectedFile] {
    try inspect(files.map { FileToRead(path: $0.path, format: $1) }, options: options, attempts: 3)
  }

  @Test func aFormatIsReadAndWrittenThroughTheProtocolsAlone() throws {
    let format: any FileFormat = PointFormat()
    let bytes = try write(format, [[points(0..<100), points(100..<150)], [points(150..<1000)]])
    var footer = ByteReader(Array(bytes.suffix(40)))
    #expect(try footer.readInt() == 150 && footer.readInt() == 149 * 150 / 2 && footer.readInt() == 850)
    let file = try CSVTestFile(bytes)
    let found = try inspected([(file, format)])[0]
    let description = found.description
    #expect(description.schema == PointFormat.schema && description.dataStart == 4)

    let reading = try format.readingOrRefusal()
    let splits = reading.splits(of: description, sizeBytes: found.identity.sizeBytes, blockBytes: 1001, spreads: false)
    #expect(splits.count == 16 && splits.last?.upperBound == 4 + 16_000)
    for predicate in [nil, EvenOrdinate()] {
      var xs: [Value] = []
      var end = 4
      for split in splits {
        let scan = FileScan(
          format: format.name, path: file.path, identity: found.identity, layout: description.layout, schema: description.schema,
          wanted: [0], bytes: split, startIsExact: !reading.guessesStarts)
        let source = try ByteSource(path: file.path, expecting: found.identity)
        let reader = try reading.open(scan, source: source, predicate: predicate, batchRows: 7)
        while let batch = try reader.next() { xs += (0..<batch.rowCount).map { batch.columns[0].value(at: $0) } }
        let findings = try reader.finish()
        #expect(findings.range.lowerBound == end)
        end = findings.range.upperBound
      }
      #expect(xs == (0..<1000).filter { predicate == nil || $0 % 2 == 0 }.map { .int64($0) })
      #expect(predicate.map { $0.rows == 1000 } ?? true)
    }
  }

  @Test func filesOfOneReadMayDifferInFormat() throws {
    let points = try CSVTestFile(try write(PointFormat(), [[points(0..<3)]]))
    let (csv, tsv) = (try CSVTestFile("x,name\n1.5,a\n"), try CSVTestFile("x\tz\n1\t2;3\n"))
    let found = try inspected([
      (tsv, try FormatRegistry.named("tsv")), (points, PointFormat()), (csv, try FormatRegistry.named("csv")),
    ])
    #expect(found.map(\.description.schema.names) == [["x", "z"], ["x", "y"], ["x", "name"]])
    let schemas = found.map(\.description.schema)
    let schema = try ColumnTypes.inferred(["y": .float64]).schema(of: schemas, guessed: schemas)
    #expect(schema == Schema([Field("x", .float64), Field("z", .string), Field("y", .float64), Field("name", .string)]))
  }

  @Test func commasAndTabsAreJudgedTogether() throws {
    let (csv, tsv) = (try CSVTestFile("id,n\n1,2\n"), try CSVTestFile("3\t4\n"))
    let found = try inspected([(csv, try FormatRegistry.named("csv")), (tsv, try FormatRegistry.named("tsv"))])
    #expect(found.map(\.description.schema.names) == [["id", "n"], ["id", "n"]] && found[1].description.dataStart == 0)
  }

  @Test func anOptionMeansSomethingToAFormatOrIsRefused() throws {
    let points = try CSVTestFile(try write(PointFormat(), [[points(0..<3)]]))
    var options = ReadOptions()
    options.ofFormats = [FormatOption(name: "delim", items: [";"])]
    let csv = try CSVTestFile("a;b\n1;2\n")
    let found = try inspected([(points, PointFormat()), (csv, try FormatRegistry.named("csv"))], options)
    #expect(found[1].description.schema.names == ["a", "b"])
    let error = #expect(throws: Diagnostic.self) { try inspected([(points, PointFormat())], options) }
    #expect(error?.code == .invalidOptionValue)
    let mistakes = FormatRegistry.mistakes(in: [FormatOption(name: "quote", items: ["ab"]), FormatOption(name: "skip", items: ["1"])])
    #expect(mistakes.count == 1)
  }
}
