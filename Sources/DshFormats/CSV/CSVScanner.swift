// Reads one part of a CSV file batch by batch, only the columns and rows that are wanted.
import CDshKernels
import DshColumns
import DshDiagnostics

/// The reader of one `CSVScan`; one thread uses it.
///
/// If the scan's start is a guess, every result, error and surprise holds only if `actualStart` turns out to be where the part
/// before ended (its `actualEnd`); otherwise scan again from there with `startIsExact`.
public final class CSVScanner {
  public let scan: CSVScan
  /// The schema of the batches.
  public let schema: Schema
  /// Records looked at so far, wanted or not.
  public private(set) var rowsScanned = 0
  /// Where the first record of the part starts.
  public let actualStart: Int
  /// Records of the windows looked at that are not given as they stand in the file.
  public var irregular: IrregularRecords { window.irregular }

  /// Text of one column in one batch stays far below what 32-bit offsets can reach.
  static let batchTextLimitBytes = 512 << 20

  private let source: ByteSource
  private let window: CSVWindow
  private let parser: CSVColumnParser
  private let predicateSchema: Schema
  /// The first record of the window that has not been looked at.
  private var cursor = 0
  /// The columns of the next batch: growing while batches are filled, complete while rows are given out as they come.
  private var builders: [ColumnBuilder] = []
  private var complete: [Column] = []
  private var builtRows = 0
  /// For text columns, by their index in the file.
  private var dictionaries: [Int: CSVDictionary] = [:]

  /// Opens a scan; throws what reading can throw.
  public init(_ scan: CSVScan, source: ByteSource) throws {
    self.scan = scan
    self.source = source
    schema = scan.outputSchema
    predicateSchema = Schema(scan.predicateColumns.map { scan.schema[$0] })
    let start = min(scan.start, source.sizeBytes)
    actualStart =
      scan.startIsExact ? start : try CSVStartFinder.find(source, dialect: scan.dialect, columns: scan.schema.count, start: start)
    window = CSVWindow(
      source: source, dialect: scan.dialect, columns: scan.schema.count, wanted: scan.wanted + scan.predicateColumns, start: actualStart,
      end: scan.end)
    parser = CSVColumnParser(scan.dialect)
  }

  /// Where the first record behind the part starts; known once there are no more batches.
  public var actualEnd: Int? { window.actualEnd.map { max($0, actualStart) } }

  /// The bytes of the records looked at so far.
  public var bytesScanned: Int { window.position - actualStart }

  /// The next rows, at most `batchRows`, never none; nil at the end of the part.
  ///
  /// `select` is given the predicate columns of some rows and tells which to keep (nil for all); the other columns are
  /// parsed for those alone. Throws a `TypeSurprise`, a `Diagnostic`, or what `select` throws.
  public func nextBatch(select: ((Batch) throws -> Bitmap?)? = nil) throws -> Batch? {
    while true {
      if cursor == window.records {
        cursor = 0
        guard try window.advance() else { return builtRows > 0 ? emit() : nil }
      }
      let room = scan.fillsBatches ? scan.batchRows - builtRows : scan.batchRows
      let count = min(room, window.records - cursor)
      try take(count, select)
      cursor += count
      rowsScanned += count
      let isFull = builtRows >= scan.batchRows || builders.contains { $0.bytes.byteCount >= Self.batchTextLimitBytes }
      if builtRows > 0 && (isFull || !scan.fillsBatches) { return emit() }
    }
  }

  private func emit() -> Batch {
    let columns = scan.fillsBatches ? builders.map { $0.finish() } : complete
    let batch = Batch(schema: schema, columns: columns, rowCount: builtRows)
    builders = []
    complete = []
    builtRows = 0
    return batch
  }

  /// Parses what is wanted of the next `count` records.
  private func take(_ count: Int, _ select: ((Batch) throws -> Bitmap?)?) throws {
    var rows: RowIndexes?
    var predicate: [Column] = []
    if let select {
      predicate = try scan.predicateColumns.map { try column($0, count, nil) }
      if let selection = try select(Batch(schema: predicateSchema, columns: predicate, rowCount: count)) {
        let selected = selection.setCount
        if selected == 0 { return }
        if selected < count { rows = selection.setIndexes() }
      }
    }
    let taken = rows?.count ?? count
    if scan.fillsBatches && builders.isEmpty { builders = schema.fields.map { ColumnBuilder(type: $0.type) } }
    for (place, column) in scan.wanted.enumerated() {
      if let known = select == nil ? nil : scan.predicateColumns.firstIndex(of: column) {
        let kept = rows.map { predicate[known].gather($0) } ?? predicate[known]
        if scan.fillsBatches { builders[place].append(kept) } else { complete.append(kept) }
      } else if scan.fillsBatches {
        try parse(column, taken, rows, into: builders[place])
      } else {
        complete.append(try self.column(column, taken, rows))
      }
    }
    builtRows += taken
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
    let isFixed = scan.dialect.fixedColumns.contains(column)
    var cells = parser.cells(window, column: column, firstRecord: cursor, rows: rows, isLenient: isFixed)
    guard let misfit = parser.parse(&cells, count: count, into: builder) else { return }
    if isFixed {
      let record = cursor + (rows.map { Int($0.pointer[misfit]) } ?? misfit)
      throw CSVErrors.cellType(
        source, at: window.offset(ofRecord: record, column: column), scan.dialect, field: scan.schema[column],
        text: text(&cells, misfit))
    }
    throw try surprise()
  }

  /// Goes through the rest of the part for its types alone.
  private func surprise() throws -> TypeSurprise {
    let columns = Set(scan.wanted + scan.predicateColumns).subtracting(scan.dialect.fixedColumns).sorted()
    var found: [Int: TypeSurprise.Widening] = [:]
    repeat {
      let count = window.records - cursor
      for column in columns {
        let type = found[column]?.type ?? scan.schema[column].type
        var cells = parser.cells(window, column: column, firstRecord: cursor, rows: nil, isLenient: false)
        let (wider, misfit) = CSVTypeInference.widen(type, &cells, count: count, scratch: parser.scratch)
        guard let misfit else { continue }
        let first =
          found[column]
          ?? TypeSurprise.Widening(
            column: column, type: wider, text: text(&cells, misfit), byteOffset: window.offset(ofRecord: cursor + misfit, column: column))
        found[column] = TypeSurprise.Widening(column: column, type: wider, text: first.text, byteOffset: first.byteOffset)
      }
      rowsScanned += count
      cursor = 0
    } while try window.advance()
    return TypeSurprise(columns: columns.compactMap { found[$0] })
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
