// Parquet files as a whole: what is written is read, filters spare reading and change no rows, and mutated files are refused or read.
import DshColumns
import DshDiagnostics
import Foundation
import Testing

@testable import DshFormats

@Suite struct ParquetFileTests {
  private static let nested = DataType.structure([Field("a", .int64), Field("b", .list(.string))])
  static let schema = Schema([
    Field("id", .int64), Field("x", .float64), Field("name", .string), Field("flag", .bool), Field("day", .date), Field("at", .timestamp),
    Field("data", .binary), Field("items", .list(.int64)), Field("both", nested), Field("deep", .list(.list(nested))),
  ])

  /// Rows of all types; `id` ascends.
  static func batch(_ generator: inout SeededGenerator, rows: Int, firstID: Int = 0) -> Batch {
    let words = ["", "a", "foo", "bar", "é😀", String(repeating: "x", count: 40)]
    func value(_ type: DataType, _ depth: Int, _ generator: inout SeededGenerator) -> Value {
      if Int.random(in: 0...6, using: &generator) == 0 { return .null }
      switch type {
      case .int64: return .int64(Int64.random(in: -50...50, using: &generator))
      case .float64: return .float64(generator.pick([0, -0.0, 1.5, .infinity, -3]))
      case .string: return .string(generator.pick(words))
      case .bool: return .bool(Bool.random(using: &generator))
      case .date: return .date(Int32.random(in: -1000...20_000, using: &generator))
      case .timestamp: return .timestamp(Int64.random(in: -1_000_000_000...1_000_000_000_000_000, using: &generator))
      case .binary: return .binary((0..<Int.random(in: 0...5, using: &generator)).map { UInt8($0) })
      case .list(let element):
        return .list((0..<Int.random(in: 0...3, using: &generator)).map { _ in value(element, depth + 1, &generator) })
      case .structure(let fields): return .structure(fields, fields.map { value($0.type, depth + 1, &generator) })
      default: return .null
      }
    }
    let columns = schema.fields.enumerated().map { index, field in
      let builder = ColumnBuilder(type: field.type)
      for row in 0..<rows { builder.append(index == 0 ? .int64(Int64(firstID + row)) : value(field.type, 0, &generator)) }
      return builder.finish()
    }
    return Batch(schema: schema, columns: columns, rowCount: rows)
  }

  static func file(_ writing: ParquetWriting, _ batches: [Batch]) -> [UInt8] {
    let output = MutableBuffer(capacity: 1 << 12)
    do { try writing.append(batches, schema: schema, to: output) } catch { Issue.record(error) }
    return Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
  }

  /// Reads a file as a caller does: looked at, cut, and every split read.
  static func rows(_ bytes: [UInt8], predicate: (any ScanPredicate)? = nil, wanted: [Int]? = nil, batchRows: Int = 100, limit: Int = .max)
    throws -> (
      schema: Schema, rows: [[Value]], groups: RowGroupCounts
    )
  {
    let file = try CSVTestFile(bytes)
    let source = try ByteSource(path: file.path)
    let reading = ParquetReading()
    let description = reading.settle([try reading.look(at: source, options: ReadOptions())], options: ReadOptions())[0]
    var rows: [[Value]] = []
    var groups = RowGroupCounts()
    for split in reading.splits(of: description, sizeBytes: source.sizeBytes, blockBytes: 1, spreads: false) {
      let scan = FileScan(
        format: "parquet", path: file.path, identity: source.identity, layout: description.layout, schema: description.schema,
        wanted: wanted ?? Array(0..<description.schema.count), bytes: split, startIsExact: true)
      let reader = try reading.open(scan, source: source, predicate: predicate, batchRows: batchRows)
      while rows.count < limit, let batch = try reader.next() {
        guard batch.rowCount > 0, batch.rowCount <= batchRows else { throw Diagnostic(.unexpected, "a batch of \(batch.rowCount) rows") }
        for row in 0..<batch.rowCount where rows.count < limit { rows.append(batch.row(row)) }
      }
      groups += try reader.finish().rowGroups
    }
    return (description.schema, rows, groups)
  }

  static let codecs: [ParquetCodec] = [.uncompressed, .snappy, .gzip, .brotli, .zstd, .lz4Raw]

  @Test(arguments: codecs) func readsWhatIsWritten(_ codec: ParquetCodec) throws {
    var generator = SeededGenerator(state: UInt64(codec.rawValue))
    for round in 0..<6 {
      let batches = (0..<Int.random(in: 0...3, using: &generator)).map {
        Self.batch(&generator, rows: generator.pick([1, 10, 300]), firstID: $0)
      }
      let bytes = Self.file(ParquetWriting(codec: codec, groupRows: generator.pick([7, 100, 1 << 20])), batches)
      let found = try Self.rows(bytes, batchRows: generator.pick([1, 9, 1000]))
      #expect(found.schema == Self.schema)
      let expected = batches.flatMap { batch in (0..<batch.rowCount).map { batch.row($0) } }
      #expect(found.rows == expected, "round \(round)")
    }
  }

  /// Keeps rows whose `id` is in a range, and says of statistics what they say.
  private final class Between: ScanPredicate {
    let columns = [0]
    let range: ClosedRange<Int64>
    private(set) var asked = 0

    init(_ range: ClosedRange<Int64>) { self.range = range }

    func select(_ batch: Batch) -> Bitmap? {
      asked += batch.rowCount
      let ids = (0..<batch.rowCount).map { batch.columns[0].value(at: $0) }
      return .make(count: batch.rowCount) { word in
        (0..<min(64, ids.count - word * 64)).reduce(0 as UInt64) { bits, bit in
          guard case .int64(let id) = ids[word * 64 + bit], range.contains(id) else { return bits }
          return bits | 1 << UInt64(bit)
        }
      }
    }

    func mayKeep(_ statistics: [ColumnStatistics?], mayHold: (Int, Value) -> Bool) -> Bool {
      guard let found = statistics[0], case .int64(let low)? = found.least, case .int64(let high)? = found.greatest else { return true }
      return low <= range.upperBound && high >= range.lowerBound
    }
  }

  @Test func filtersSpareReadingAndChangeNoRows() throws {
    var generator = SeededGenerator(state: 77)
    let batch = Self.batch(&generator, rows: 2000)
    let bytes = Self.file(ParquetWriting(codec: .zstd, groupRows: 100), [batch])
    for _ in 0..<20 {
      let start = Int64.random(in: 0..<2000, using: &generator)
      let end = min(1999, start + Int64.random(in: 0...300, using: &generator))
      let predicate = Between(start...end)
      let found = try Self.rows(bytes, predicate: predicate, wanted: [2, 9, 0, 4], batchRows: generator.pick([3, 64, 1000]))
      let expected = (Int(start)...Int(end)).map { row in [2, 9, 0, 4].map { batch.columns[$0].value(at: row) } }
      #expect(found.rows == expected)
      #expect(found.groups.total == 20)
      #expect(found.groups.read == Int(end) / 100 - Int(start) / 100 + 1)
      #expect(predicate.asked <= found.groups.read * 100)
    }
  }

  /// Keeps rows by each of some columns, and answers for values of those that it takes apart.
  private final class ByValues: SeparablePredicate {
    let columns: [Int]
    private let apart: Set<Int>
    private let isTakenApart: Bool
    private(set) var values = 0

    init(_ columns: [Int], apart: Set<Int>, isTakenApart: Bool) {
      self.columns = columns
      self.apart = apart
      self.isTakenApart = isTakenApart
    }

    var separable: (any SeparablePredicate)? { isTakenApart ? self : nil }
    func isSeparable(_ column: Int) -> Bool { apart.contains(column) }

    private static func keeps(_ value: Value) -> Bool { "\(value)".utf8.reduce(0) { $0 + Int($1) } % 4 != 0 }

    func keeps(_ values: Column, ofColumn column: Int) -> Bitmap {
      self.values += values.count
      return bits(values.count) { Self.keeps(values.value(at: $0)) }
    }

    func select(_ batch: Batch) -> Bitmap? { select(batch.columns, rowCount: batch.rowCount, among: nil) }

    func select(_ columns: [Column?], rowCount: Int, among kept: Bitmap?) -> Bitmap? {
      bits(rowCount) { row in (kept?[row] ?? true) && columns.allSatisfy { $0.map { Self.keeps($0.value(at: row)) } ?? true } }
    }

    private func bits(_ count: Int, _ bit: (Int) -> Bool) -> Bitmap {
      .make(count: count) { word in
        (word * 64..<min(count, word * 64 + 64)).reduce(0) { bit($1) ? $0 | 1 << UInt64($1 & 63) : $0 }
      }
    }
  }

  @Test func filtersAskAboutTheValuesOfDictionaries() throws {
    var generator = SeededGenerator(state: 78)
    let batch = Self.batch(&generator, rows: 3000)
    for groupRows in [50, 700, 5000] {
      let bytes = Self.file(ParquetWriting(codec: .snappy, groupRows: groupRows), [batch])
      for columns in [[1], [2], [4], [1, 2, 4], [0, 1, 3], [2, 5, 6]] {
        let wanted = [2, 0, 1, 4]
        let rows = try Self.rows(bytes, predicate: ByValues(columns, apart: [], isTakenApart: false), wanted: wanted, batchRows: 1000)
        let apart = Set(columns.indices.filter { _ in Bool.random(using: &generator) }).union([0])
        let predicate = ByValues(columns, apart: apart, isTakenApart: true)
        let batchRows = generator.pick([3, 64, 1000])
        let found = try Self.rows(bytes, predicate: predicate, wanted: wanted, batchRows: batchRows)
        #expect(found.rows == rows.rows, "\(columns), \(apart)")
        if columns == [2] { #expect(predicate.values > 0 && predicate.values < 3000 / min(3000, groupRows) * 10) }
      }
    }
  }

  /// An error of the file is fine, and so are rows.
  private func survives(_ bytes: [UInt8], _ what: String) {
    do { _ = try Self.rows(bytes, batchRows: 1000, limit: 20_000) } catch let diagnostic as Diagnostic {
      #expect(diagnostic.category == .user, "\(what): \(diagnostic.message)")
    } catch { Issue.record("\(what): \(error)") }
  }

  @Test func filesCutShortAreRefused() {
    var generator = SeededGenerator(state: 3)
    let bytes = Self.file(ParquetWriting(codec: .snappy, groupRows: 5, hasChecksums: false), [Self.batch(&generator, rows: 9)])
    for length in 0..<bytes.count { survives(Array(bytes[..<length]), "cut to \(length)") }
  }

  @Test(arguments: codecs) func mutatedFilesAreReadOrRefused(_ codec: ParquetCodec) {
    var generator = SeededGenerator(state: 1000 + UInt64(codec.rawValue))
    let rounds = ProcessInfo.processInfo.environment["DSH_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 300
    let bases = [5, 60, 400].map {
      Self.file(ParquetWriting(codec: codec, groupRows: 100, hasChecksums: false), [Self.batch(&generator, rows: $0)])
    }
    for round in 0..<rounds {
      var bytes = generator.pick(bases)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        // The footer is where most of what is believed stands.
        let isFooter = Bool.random(using: &generator)
        let place =
          isFooter
          ? Int.random(in: bytes.count * 2 / 3..<bytes.count, using: &generator) : Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 2: bytes[place] = generator.pick([0, 0xFF, 0x7F, 0x80, 1])
        default: bytes[place] = bytes[place] &+ generator.pick([1, 2, 255, 254])
        }
      }
      survives(bytes, "codec \(codec), round \(round)")
    }
  }
}
