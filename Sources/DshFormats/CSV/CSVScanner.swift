// Reads one split of a CSV file batch by batch, only the columns and rows that are wanted.
import CDshKernels
import DshColumns
import DshDiagnostics

/// The reader of one split.
final class CSVScanner: FormatReader {
  /// Records looked at so far, wanted or not.
  private(set) var rowsScanned = 0
  let start: Int

  private let scan: FileScan
  private let dialect: CSVDialect
  private let batchRows: Int
  private let filtered: FilteredColumns
  private let source: ByteSource
  private let window: CSVWindow
  private let parser: CSVColumnParser
  /// The first record of the window that has not been looked at.
  private var cursor = 0
  /// For text columns, by their index in the file.
  private var dictionaries: [Int: CSVDictionary] = [:]

  /// Opens a split; throws what reading can throw.
  init(
    _ scan: FileScan, dialect: CSVDialect, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int
  ) throws {
    self.scan = scan
    self.dialect = dialect
    self.source = source
    self.batchRows = batchRows
    filtered = FilteredColumns(scan, predicate)
    let asked = min(scan.bytes.lowerBound, source.sizeBytes)
    start =
      scan.startIsExact ? asked : try CSVStartFinder.find(source, dialect: dialect, columns: scan.schema.count, start: asked)
    window = CSVWindow(
      source: source, dialect: dialect, columns: scan.schema.count, wanted: filtered.all, start: start,
      end: scan.bytes.upperBound)
    parser = CSVColumnParser(dialect)
  }

  /// Where the first record behind the split starts; known once there are no more batches.
  var end: Int? { window.actualEnd.map { max($0, start) } }

  var scanned: ScanProgress { ScanProgress(rows: rowsScanned, bytes: window.position - start) }

  func finish() -> ScanFindings { ScanFindings(scanned: scanned, irregular: window.irregular, range: range) }

  private var range: Range<Int> { start..<(end ?? start) }

  func next() throws -> Batch? {
    while true {
      if cursor == window.records {
        cursor = 0
        guard try window.advance() else { return nil }
      }
      let count = min(batchRows, window.records - cursor)
      let batch = try take(count)
      cursor += count
      rowsScanned += count
      if let batch { return batch }
    }
  }

  /// Parses what is wanted of the next `count` records; nil if none of them are.
  private func take(_ count: Int) throws -> Batch? {
    try filtered.batch(of: count) { index, rows in try column(index, rows?.count ?? count, rows) }
  }

  /// One column of some of the next records.
  private func column(_ column: Int, _ count: Int, _ rows: RowIndexes?) throws -> Column {
    let type = scan.schema[column].type
    if type == .string {
      let dictionary = dictionaries[column] ?? CSVDictionary()
      dictionaries[column] = dictionary
      if !dictionary.isGivenUp {
        var cells = parser.cells(window, column: column, firstRecord: cursor, rows: rows, isLenient: false)
        if let found = dictionary.column(&cells, count: count, scratch: parser.scratch) { return found }
      }
    }
    let builder = ColumnBuilder(type: type, rows: count)
    try parse(column, count, rows, into: builder)
    return builder.finish()
  }

  private func parse(_ column: Int, _ count: Int, _ rows: RowIndexes?, into builder: ColumnBuilder) throws {
    let isFixed = dialect.fixedColumns.contains(column)
    var cells = parser.cells(window, column: column, firstRecord: cursor, rows: rows, isLenient: isFixed)
    guard let misfit = parser.parse(&cells, count: count, into: builder) else { return }
    if isFixed {
      let record = cursor + (rows.map { Int($0.pointer[misfit]) } ?? misfit)
      throw CSVErrors.cellType(
        source, at: window.offset(ofRecord: record, column: column), dialect, field: scan.schema[column],
        text: text(&cells, misfit))
    }
    throw try mismatch()
  }

  /// Goes through the rest of the split for its types alone.
  private func mismatch() throws -> SchemaMismatch {
    let columns = Set(filtered.all).subtracting(dialect.fixedColumns).sorted()
    var found: [Int: SchemaMismatch.Column] = [:]
    repeat {
      let count = window.records - cursor
      for column in columns {
        let type = found[column]?.type ?? scan.schema[column].type
        var cells = parser.cells(window, column: column, firstRecord: cursor, rows: nil, isLenient: false)
        let (wider, misfit) = CSVTypeInference.widen(type, &cells, count: count, scratch: parser.scratch)
        guard let misfit else { continue }
        // The first cell is what is told, of whatever width the last one makes the column.
        found[column] =
          found[column]
          ?? SchemaMismatch.Column(
            index: column, name: scan.schema[column].name, type: wider, text: text(&cells, misfit),
            byteOffset: window.offset(ofRecord: cursor + misfit, column: column))
        found[column]?.type = wider
      }
      rowsScanned += count
      cursor = 0
    } while try window.advance()
    return SchemaMismatch(scan, columns: columns.compactMap { found[$0] }, range: range)
  }

  /// A cell as it stands in the file, cut to what fits a message.
  private func text(_ cells: inout dsh_csv_cells, _ index: Int) -> String {
    let shownBytes = 80
    var start: UnsafePointer<UInt8>?
    var length: Int64 = 0
    _ = dsh_csv_cell(&cells, Int64(index), &start, &length)
    let bytes = UnsafeBufferPointer(start: start, count: min(Int(length), shownBytes))
    return String(decoding: bytes, as: UTF8.self) + (Int(length) > shownBytes ? "…" : "")
  }
}
