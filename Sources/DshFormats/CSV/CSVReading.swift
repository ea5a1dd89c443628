// How CSV files are read.
import DshColumns
import DshDiagnostics

/// The reading side of `csv` and `tsv`.
struct CSVReading: FormatReading {
  /// The separator, unless another one is asked for; nil to find it out.
  var delimiter: String?

  var isText: Bool { true }

  /// A record's start is told by quotes around it, which may be seen wrongly from the middle of a file.
  var guessesStarts: Bool { true }

  var optionNames: [String] { CSVOption.all.map(\.name) }

  func mistakes(in options: [FormatOption]) -> [Diagnostic] {
    var tried = CSVOptions()
    return options.compactMap { option -> Diagnostic? in
      do throws(Diagnostic) { try option.apply(CSVOption.all, to: &tried) } catch { return error }
      return nil
    }
  }

  func look(at source: ByteSource, options: ReadOptions) throws -> CSVTableLook {
    var own = try CSVOptions(options)
    if own.delimiter == nil, let delimiter { own.delimiter = delimiter }
    return try CSVSniffer(source, own).look()
  }

  func settle(_ looks: [CSVTableLook], options: ReadOptions) throws -> [FileDescription] {
    settleCSV(looks, options: try CSVOptions(options)).map { sniffed in
      FileDescription(schema: sniffed.schema, dataStart: sniffed.dataStart, layout: sniffed.dialect.encoded())
    }
  }

  /// A file with a header must have the same one, and one without as many cells in its first record.
  func description(of source: ByteSource, like known: FileDescription) throws -> FileDescription? {
    let dialect = try CSVDialect(layout: known.layout, columns: known.schema.count)
    guard let first = try CSVFirstRecord(of: source, dialect, columns: known.schema.count) else {
      return FileDescription(schema: known.schema, dataStart: source.sizeBytes, layout: known.layout)
    }
    guard first.names.map({ $0 == known.schema.names }) ?? true else { return nil }
    return FileDescription(schema: known.schema, dataStart: first.dataStart, layout: known.layout)
  }

  func open(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws -> any FormatReader {
    try CSVScanner(
      scan, dialect: CSVDialect(layout: scan.layout, columns: scan.schema.count), source: source, predicate: predicate, batchRows: batchRows
    )
  }
}

extension CSVDialect {
  /// The dialect as the layout of a file.
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    encode(to: &writer)
    return writer.bytes
  }

  /// Reads the layout of a file with so many columns; throws `DecodingFailure`.
  init(layout: [UInt8], columns: Int) throws {
    var reader = ByteReader(layout)
    try self.init(from: &reader)
    guard fixedColumns.allSatisfy((0..<columns).contains) else { throw DecodingFailure("a fixed column beyond those of the file") }
  }
}
