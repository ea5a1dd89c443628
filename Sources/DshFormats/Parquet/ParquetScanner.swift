// Reads the row groups of one split batch by batch: the columns of the filter first, the others only for rows that it lets through.
import DshColumns
import DshDiagnostics

/// The reader of one split.
final class ParquetScanner: FormatReader {
  let start: Int
  private let scan: FileScan
  private let source: ByteSource
  private let footer: ParquetFooter
  private let predicate: (any ScanPredicate)?
  private let predicateColumns: [Int]
  private let predicateSchema: Schema
  /// The columns that are wanted and that the predicate does not look at.
  private let others: [Int]
  private let outputSchema: Schema
  private let batchRows: Int
  private let pruning: ParquetPruning?
  /// The row groups of the split that are still to come, by number.
  private var groups: ArraySlice<Int>
  private var open: ParquetGroupReader?
  private var findings: ScanFindings

  init(_ scan: FileScan, footer: ParquetFooter, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws {
    self.scan = scan
    self.source = source
    self.footer = footer
    self.predicate = predicate
    self.batchRows = batchRows
    start = scan.bytes.lowerBound
    predicateColumns = predicate?.columns ?? []
    predicateSchema = Schema(predicateColumns.map { scan.schema[$0] })
    others = Set(scan.wanted).subtracting(predicateColumns).sorted()
    outputSchema = scan.outputSchema
    pruning = predicate.map { ParquetPruning(footer, source, $0, schema: scan.schema) }
    groups = ParquetCutting.groups(of: footer.metadata, in: scan.bytes)[...]
    findings = ScanFindings(scanned: ScanProgress(rows: 0, bytes: 0), range: scan.bytes)
  }

  var scanned: ScanProgress {
    ScanProgress(rows: findings.scanned.rows, bytes: findings.scanned.bytes + (open?.bytesRead ?? 0))
  }

  func finish() -> ScanFindings {
    var findings = findings
    findings.scanned = scanned
    return findings
  }

  func next() throws -> Batch? {
    do { return try nextBatch() } catch let fraction as ParquetFractionOfSecond { throw mismatch(fraction) }
  }

  /// What says that a column is in milliseconds after all.
  private func mismatch(_ fraction: ParquetFractionOfSecond) -> SchemaMismatch {
    let column = footer.schema.columns.firstIndex { $0.leaves.contains { footer.schema.leaves[$0].path.isExactly(fraction.leaf) } } ?? 0
    return SchemaMismatch(
      scan,
      columns: [
        SchemaMismatch.Column(
          index: column, name: scan.schema[column].name, type: footer.schema.columns[column].type.inMilliseconds,
          text: "a fraction of a second", byteOffset: start)
      ], range: scan.bytes)
  }

  private func nextBatch() throws -> Batch? {
    while true {
      if let group = open {
        if let count = try group.nextRows() {
          if let batch = try take(group, count) { return batch }
          continue
        }
        findings.scanned.bytes += group.bytesRead
        open = nil
      }
      guard let number = groups.popFirst() else { return nil }
      let rowCount = footer.metadata.rowGroups[number].rowCount
      let rows = pruning?.rows(ofGroup: number) ?? [0..<rowCount]
      findings.rowGroups.total += 1
      if rows.isEmpty { continue }
      findings.rowGroups.read += 1
      open = try ParquetGroupReader(
        footer, group: number, rows: rows, scan, predicateColumns: predicateColumns, source: source, batchRows: batchRows)
    }
  }

  /// Reads what is wanted of the next rows; nil if none of them are.
  private func take(_ group: ParquetGroupReader, _ count: Int) throws -> Batch? {
    findings.scanned.rows += count
    var selection: Bitmap?
    var known: [ParquetRows] = []
    if let separable = predicate?.separable {
      (selection, known) = try select(separable, group, count)
    } else if let predicate {
      let columns = try predicateColumns.map { try group.column($0, rows: count) }
      selection = try predicate.select(Batch(schema: predicateSchema, columns: columns, rowCount: count))
      known = columns.map { .values($0) }
    }
    let selected = selection?.setCount ?? count
    if selected == 0 {
      for column in others { try group.skip(column, rows: count) }
      return nil
    }
    // The numbers of rows are not looked for where no column is.
    let rows = selected < count && !scan.wanted.isEmpty ? selection?.setIndexes() : nil
    var made: [Int: Column] = [:]
    for column in others {
      made[column] = try rows.map { try group.column(column, rows: count, taking: $0) } ?? group.column(column, rows: count)
    }
    let columns = scan.wanted.map { wanted -> Column in
      if let column = made[wanted] { return column }
      switch known[predicateColumns.firstIndex(of: wanted) ?? 0] {
      case .values(let column): return rows.map { column.gather($0) } ?? column
      case .codes(let codes): return codes.column(rows).converted(to: scan.schema[wanted].type)
      }
    }
    return Batch(schema: outputSchema, columns: columns, rowCount: selected)
  }

  /// The rows that a filter keeps, and its columns. Where values of a column come out of a dictionary, it is asked about them once a row group.
  private func select(_ predicate: any SeparablePredicate, _ group: ParquetGroupReader, _ count: Int) throws -> (Bitmap?, [ParquetRows]) {
    var kept: Bitmap?
    var known: [ParquetRows] = []
    var undecided: [Column?] = []
    for (place, column) in predicateColumns.enumerated() {
      let rows = predicate.isSeparable(place) ? try group.rows(column, count) : .values(try group.column(column, rows: count))
      known.append(rows)
      switch rows {
      case .values(let values): undecided.append(values)
      case .codes(let codes):
        let found = codes.rows(group.keptValues(predicate, place, column, codes.dictionary))
        kept = kept.map { kept in .make(count: count) { kept.word($0) & found.word($0) } } ?? found
        undecided.append(nil)
      }
    }
    return (predicate.select(undecided, rowCount: count, among: kept), known)
  }
}

extension DataType {
  /// The type with milliseconds in the place of seconds.
  fileprivate var inMilliseconds: DataType {
    switch self {
    case .time(.seconds): .time(.milliseconds)
    case .instant(.seconds, let zone): .timestamp(.milliseconds, zone: zone)
    case .list(let element): .list(element.inMilliseconds)
    case .map(let key, let value): .map(key.inMilliseconds, value.inMilliseconds)
    case .structure(let fields): .structure(fields.map { Field($0.name, $0.type.inMilliseconds) })
    default: self
    }
  }
}

/// The columns of one row group that a scan looks at.
final class ParquetGroupReader {
  /// The ranges of rows that are still to come, and the row behind the last that was.
  private var ranges: ArraySlice<Range<Int>>
  private var position = 0
  /// The most rows of a batch: fewer where rows are long.
  private let batchRows: Int
  private var readers: [Int: any ParquetColumnReader] = [:]
  /// What the filter keeps of the dictionary of a column.
  private var keptValues: [Int: KeptValues] = [:]
  private let schema: Schema

  /// Batches of long texts or lists have about so many bytes.
  private static let batchBytes = 64 << 20

  /// - Parameter rows: the rows that are looked at, as ranges in order.
  init(
    _ footer: ParquetFooter, group number: Int, rows: [Range<Int>], _ scan: FileScan, predicateColumns: [Int], source: ByteSource,
    batchRows: Int
  ) throws {
    let group = footer.metadata.rowGroups[number]
    ranges = rows[...]
    schema = scan.schema
    var rowBytes = 1
    for index in Set(scan.wanted + predicateColumns) {
      let node = footer.schema.columns[index]
      let place = ParquetPlace(path: source.path, rowGroup: number, column: footer.schema.names[index])
      if case .leaf(let leaf) = node.shape {
        readers[index] = try ParquetFlatReader(source, group.columns[leaf], footer.schema.leaves[leaf], place)
      } else {
        readers[index] = try ParquetNestedReader(source, group, node, footer.schema, place)
      }
      for leaf in node.leaves { rowBytes = max(rowBytes, group.columns[leaf].uncompressedBytes / max(1, group.rowCount)) }
    }
    self.batchRows = max(1, min(batchRows, Self.batchBytes / rowBytes))
  }

  var bytesRead: Int { readers.values.reduce(0) { $0 + $1.bytesRead } }

  /// How many rows come next, after others have been passed over where nobody looks at them; nil behind the last.
  func nextRows() throws -> Int? {
    while let range = ranges.first, position >= range.upperBound { ranges.removeFirst() }
    guard let range = ranges.first else { return nil }
    if position < range.lowerBound {
      for reader in readers.values { try reader.skip(range.lowerBound - position) }
      position = range.lowerBound
    }
    let count = min(batchRows, range.upperBound - position)
    position += count
    return count
  }

  private func reader(_ index: Int) -> any ParquetColumnReader {
    guard let reader = readers[index] else { preconditionFailure("a column that the scan looks at: \(index)") }
    return reader
  }

  /// The next rows of a column.
  func column(_ index: Int, rows: Int) throws -> Column { try reader(index).read(rows).converted(to: schema[index].type) }

  /// The next rows of a column, as codes where they have them.
  func rows(_ index: Int, _ count: Int) throws -> ParquetRows {
    switch try reader(index).readRows(count) {
    case .values(let column): .values(column.converted(to: schema[index].type))
    case .codes(let codes): .codes(codes)
    }
  }

  /// What a filter keeps of a column's dictionary.
  func keptValues(_ predicate: any SeparablePredicate, _ place: Int, _ index: Int, _ dictionary: ParquetDictionary) -> KeptValues {
    if let known = keptValues[index], known.dictionary === dictionary { return known }
    let kept = KeptValues(predicate, column: place, dictionary, type: schema[index].type)
    keptValues[index] = kept
    return kept
  }

  /// Some of the next rows of a column; those before the first and behind the last of them are passed over.
  func column(_ index: Int, rows: Int, taking taken: RowIndexes) throws -> Column {
    let first = Int(taken.pointer[0])
    let end = Int(taken.pointer[taken.count - 1]) + 1
    let reader = reader(index)
    if first > 0 { try reader.skip(first) }
    let column = try reader.read(end - first)
    if end < rows { try reader.skip(rows - end) }
    if taken.count == end - first { return column.converted(to: schema[index].type) }
    let moved = first == 0 ? taken : RowIndexes((0..<taken.count).lazy.map { taken.pointer[$0] - Int32(first) })
    return column.gather(moved).converted(to: schema[index].type)
  }

  func skip(_ index: Int, rows: Int) throws { try reader(index).skip(rows) }
}
