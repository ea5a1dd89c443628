// Small files made for a test, and the loop of a caller that checks guessed starts and answers surprises.
import DshColumns
import DshFormats
import Foundation
import Testing

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
    return try sniffCSV(try ByteSource(path: path), options: options)
  }

  /// The rows of the whole file as text, nil for null, read in parts.
  func rows(
    _ dialect: CSVDialect, _ schema: Schema, dataStart: Int = 0, wanted: [Int]? = nil, borders: [Int] = [], batchRows: Int = 100,
    fills: Bool = false
  ) throws -> [[String?]] {
    let source = try ByteSource(path: path)
    var rows: [[String?]] = []
    var position = dataStart
    let inner = borders.filter { $0 > dataStart && $0 < source.sizeBytes }
    for (start, end) in zip([dataStart] + inner, inner + [source.sizeBytes]) {
      var scan = CSVScan(
        path: path, dialect: dialect, schema: schema, wanted: wanted ?? Array(0..<schema.count), start: start, end: end,
        startIsExact: start == dataStart, batchRows: batchRows, fillsBatches: fills)
      var part: (rows: [[String?]], start: Int, end: Int)?
      do {
        part = try read(scan, source)
      } catch {
        // A wrong guess may be all that is wrong.
        if scan.startIsExact { throw error }
      }
      if part?.start != position {
        scan.start = position
        scan.end = max(end, position)
        scan.startIsExact = true
        part = try read(scan, source)
      }
      let done = try #require(part)
      rows += done.rows
      position = done.end
    }
    return rows
  }

  private func read(_ scan: CSVScan, _ source: ByteSource) throws -> (rows: [[String?]], start: Int, end: Int) {
    var rows: [[String?]] = []
    let scanner = try CSVScanner(scan, source: source)
    while let batch = try scanner.nextBatch() {
      if batch.rowCount == 0 || batch.rowCount > scan.batchRows { Issue.record("a batch of \(batch.rowCount) rows") }
      for row in 0..<batch.rowCount { rows.append(batch.columns.map { CellText.string($0, row: row) }) }
    }
    return (rows, scanner.actualStart, try #require(scanner.actualEnd))
  }

  /// Everything as a caller gets it: sniffed, read, read again with wider types if need be.
  func table(_ change: (inout CSVOptions) -> Void = { _ in }) throws -> (schema: Schema, rows: [[String?]]) {
    var sniffed = try sniff(change)
    for _ in 0..<10 {
      do {
        return (sniffed.schema, try rows(sniffed.dialect, sniffed.schema, dataStart: sniffed.dataStart))
      } catch let surprise as TypeSurprise {
        sniffed.schema = surprise.applied(to: sniffed.schema)
      }
    }
    Issue.record("types widen without end")
    return (sniffed.schema, [])
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
