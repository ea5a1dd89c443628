// Small files made for a test, and the loop of a caller that checks guessed starts and widens types.
import DshColumns
import DshSystem
import Foundation
import Testing

@testable import DshFormats

/// A file that lives as long as the value.
final class CSVTestFile {
  let path: String

  init(_ bytes: [UInt8]) throws {
    path = NSTemporaryDirectory() + "dsh-\(UUID().uuidString).csv"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func sniff(_ change: (inout CSVOptions) -> Void = { _ in }) throws -> CSVSniffed {
    var options = CSVOptions()
    change(&options)
    return try sniffed([self], options).files[0]
  }

  /// A share of the file as a task gets it.
  func scan(
    _ schema: Schema, _ dialect: CSVDialect = CSVDialect(), wanted: [Int], bytes: Range<Int> = 0..<Int.max, startIsExact: Bool = true
  ) throws -> FileScan {
    FileScan(
      format: "csv", path: path, identity: try ByteSource(path: path).identity, layout: dialect.encoded(), schema: schema, wanted: wanted,
      bytes: bytes, startIsExact: startIsExact)
  }

  /// The rows of the whole file as text, nil for null, read in parts.
  func rows(
    _ dialect: CSVDialect, _ schema: Schema, dataStart: Int = 0, wanted: [Int]? = nil, borders: [Int] = [], batchRows: Int = 100
  ) throws -> [[String?]] {
    let source = try ByteSource(path: path)
    var rows: [[String?]] = []
    var position = dataStart
    let inner = borders.filter { $0 > dataStart && $0 < source.sizeBytes }
    for (start, end) in zip([dataStart] + inner, inner + [source.sizeBytes]) {
      var scan = try scan(
        schema, dialect, wanted: wanted ?? Array(0..<schema.count), bytes: start..<end, startIsExact: start == dataStart)
      var part: (rows: [[String?]], start: Int, end: Int)?
      do {
        part = try read(scan, batchRows)
      } catch {
        // A wrong guess may be all that is wrong.
        if scan.startIsExact { throw error }
      }
      if part?.start != position {
        scan = scan.starting(at: position)
        part = try read(scan, batchRows)
      }
      let done = try #require(part)
      rows += done.rows
      position = done.end
    }
    return rows
  }

  private func read(_ scan: FileScan, _ batchRows: Int) throws -> (rows: [[String?]], start: Int, end: Int) {
    var rows: [[String?]] = []
    let reader = try SplitReader(scan, predicate: nil, batchRows: batchRows)
    while let batch = try reader.next() {
      if batch.rowCount == 0 || batch.rowCount > batchRows { Issue.record("a batch of \(batch.rowCount) rows") }
      for row in 0..<batch.rowCount { rows.append(batch.columns.map { CellText.string($0, row: row) }) }
    }
    return (rows, reader.start, try reader.finish().range.upperBound)
  }

  /// Everything as a caller gets it: sniffed, read, read again with wider types if need be.
  func table(_ change: (inout CSVOptions) -> Void = { _ in }) throws -> (schema: Schema, rows: [[String?]]) {
    var sniffed = try sniff(change)
    for _ in 0..<10 {
      do {
        return (sniffed.schema, try rows(sniffed.dialect, sniffed.schema, dataStart: sniffed.dataStart))
      } catch let mismatch as SchemaMismatch {
        sniffed.schema = mismatch.applied(to: sniffed.schema)
      }
    }
    Issue.record("types widen without end")
    return (sniffed.schema, [])
  }
}

/// What is found out about the files of one `read`, in the types agreed on for all.
func sniffed(_ files: [CSVTestFile], _ options: CSVOptions) throws -> (files: [CSVSniffed], schema: Schema) {
  var found = settleCSV(try files.map { try CSVSniffer(ByteSource(path: $0.path), options).look() }, options: options)
  let schema = try options.types.schema(of: found.map(\.schema), guessed: found.map(\.schema))
  for file in found.indices {
    for column in found[file].schema.fields.indices {
      let place = try #require(schema.index(of: found[file].schema[column].name))
      found[file].schema.fields[column].type = schema[place].type
    }
  }
  return (found, schema)
}

extension SchemaMismatch {
  /// The schema with the wider types.
  func applied(to schema: Schema) -> Schema {
    var wider = schema
    for column in columns { wider.fields[column.index].type = wider.fields[column.index].type.widened(with: column.type) }
    return wider
  }
}

/// Numbers from a seed, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// One of some elements; there must be one.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int.random(in: elements.indices, using: &self)] }
}
