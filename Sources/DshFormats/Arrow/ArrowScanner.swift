// Reads the rows of one split of an Arrow file batch by batch: the columns of the filter first, the others only where it lets rows through.
import DshColumns
import DshDiagnostics

/// The reader of one split.
final class ArrowScanner: FormatReader {
  let start: Int
  private let scan: FileScan
  private let source: ByteSource
  private let filtered: FilteredColumns
  private let batchRows: Int
  private let fields: [ArrowField]
  private let dictionaries: ArrowDictionaries
  private var batches: ArraySlice<Place>
  private var open: OpenBatch?
  private(set) var scanned = ScanProgress(rows: 0, bytes: 0)

  /// The first rows come alone, as nobody may want more.
  private static let firstRows = 512

  /// A batch of the file.
  private struct Place {
    var number: Int
    var offset: Int
    /// How many batches of dictionaries count for it.
    var dictionaryBatches: Int
  }

  /// The batch that is being read, and the rows that are still to come.
  private struct OpenBatch {
    var number: Int
    var reader: ArrowColumnReader
    var positions: [ArrowPosition]
    var rows: Range<Int>
    var bytesPerRow: Double
  }

  init(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws {
    self.scan = scan
    self.source = source
    self.batchRows = batchRows
    start = scan.bytes.lowerBound
    filtered = FilteredColumns(scan, predicate)
    let directory = try ArrowDirectory(source)
    fields = directory.fields
    guard fields.count == scan.schema.count else { throw FileChanged(path: scan.path) }
    dictionaries = ArrowDictionaries(fields)
    batches = []
    batches = try Self.batches(directory, scan, source, dictionaries)[...]
  }

  /// The batches that may have rows in the split.
  private static func batches(
    _ directory: ArrowDirectory, _ scan: FileScan, _ source: ByteSource, _ dictionaries: ArrowDictionaries
  ) throws -> [Place] {
    if let blocks = directory.blocks {
      for offset in blocks.dictionaries {
        guard let message = try ArrowFileMessage(source, at: offset), message.kind == ArrowMessage.dictionaryBatch else {
          throw ArrowMistake("there is no dictionary where one should be")
        }
        dictionaries.append(try ArrowDictionaryBatch(message.header, body: message.body))
      }
      // A batch ends at the next one at the latest, in whatever order the footer names them.
      let offsets = blocks.batches.sorted()
      return blocks.batches.enumerated().compactMap { number, offset in
        let end = offsets.first { $0 > offset } ?? .max
        guard offset < scan.bytes.upperBound, end > scan.bytes.lowerBound else { return nil }
        return Place(number: number, offset: offset, dictionaryBatches: blocks.dictionaries.count)
      }
    }
    var places: [Place] = []
    var number = 0
    var offset = directory.dataStart
    while offset < scan.bytes.upperBound, let message = try ArrowFileMessage(source, at: offset) {
      switch message.kind {
      case ArrowMessage.dictionaryBatch: dictionaries.append(try ArrowDictionaryBatch(message.header, body: message.body))
      case ArrowMessage.recordBatch:
        if message.end > scan.bytes.lowerBound {
          places.append(Place(number: number, offset: offset, dictionaryBatches: dictionaries.batches.count))
        }
        number += 1
      case let kind: throw ArrowMistake("messages of kind \(kind) are not read")
      }
      offset = message.end
    }
    return places
  }

  func finish() -> ScanFindings {
    var findings = ScanFindings(scanned: scanned, range: scan.bytes)
    findings.inPlaceBytes = source.inPlaceBytes
    return findings
  }

  func next() throws -> Batch? {
    while true {
      if let batch = open, !batch.rows.isEmpty {
        let wanted = scanned.rows == 0 ? min(batchRows, Self.firstRows) : batchRows
        let rows = batch.rows.lowerBound..<min(batch.rows.upperBound, batch.rows.lowerBound + wanted)
        open?.rows = rows.upperBound..<batch.rows.upperBound
        scanned.rows += rows.count
        scanned.bytes += Int(Double(rows.count) * batch.bytesPerRow)
        if let result = try arrow(source, batch: batch.number, { try take(batch, rows) }) { return result }
        continue
      }
      guard let place = batches.popFirst() else { return nil }
      open = try arrow(source, batch: place.number) { try openBatch(place) }
    }
  }

  private func openBatch(_ place: Place) throws -> OpenBatch {
    guard let message = try ArrowFileMessage(source, at: place.offset), message.kind == ArrowMessage.recordBatch else {
      throw ArrowMistake("there is no batch where one should be")
    }
    let batch = try ArrowBatch(message.header, body: message.body)
    var positions: [ArrowPosition] = []
    var position = ArrowPosition()
    for field in fields {
      positions.append(position)
      try position.skip(field.layout, in: batch)
    }
    let (dictionaries, count) = (dictionaries, place.dictionaryBatches)
    return OpenBatch(
      number: place.number, reader: ArrowColumnReader(batch: batch) { try dictionaries.values($0, after: count) }, positions: positions,
      rows: rows(of: batch, in: message.offset..<message.end),
      bytesPerRow: Double(message.end - message.offset) / Double(max(1, batch.rowCount)))
  }

  /// The rows of a batch that belong to the split.
  private func rows(of batch: ArrowBatch, in bytes: Range<Int>) -> Range<Int> {
    if batch.isCompressed { return scan.bytes.contains(bytes.lowerBound) ? 0..<batch.rowCount : 0..<0 }
    /// The first row whose share begins at a place of the file or behind it.
    func first(at place: Int) -> Int {
      if place <= bytes.lowerBound { return 0 }
      if place >= bytes.upperBound { return batch.rowCount }
      let (high, low) = (place - bytes.lowerBound).multipliedFullWidth(by: batch.rowCount)
      let (quotient, remainder) = bytes.count.dividingFullWidth((high, low))
      return quotient + (remainder > 0 ? 1 : 0)
    }
    return first(at: scan.bytes.lowerBound)..<first(at: scan.bytes.upperBound)
  }

  /// What is wanted of some rows; nil if none of them are.
  private func take(_ batch: OpenBatch, _ rows: Range<Int>) throws -> Batch? {
    try filtered.batch(of: rows.count) { index, kept in
      let whole = try column(index, batch, rows)
      return kept.map { whole.gather($0) } ?? whole
    }
  }

  private func column(_ index: Int, _ batch: OpenBatch, _ rows: Range<Int>) throws -> Column {
    try batch.reader.column(fields[index], at: batch.positions[index], rows: rows).converted(to: scan.schema[index].type)
  }
}
