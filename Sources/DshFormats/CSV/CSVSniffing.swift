// Finds out how a CSV file is written, what its columns are called and which types they have.
import CDshKernels
import DshColumns
import DshDiagnostics

/// What a look at a file told.
public struct CSVSniffed: Sendable {
  public var dialect: CSVDialect
  /// The names and types of all columns.
  public var schema: Schema
  /// Where the first record of data starts, behind a byte-order mark, skipped lines and a header.
  public var dataStart: Int
  /// The records that were looked at, and whether these are all.
  public var sampledRows: Int
  public var isComplete: Bool
  /// The bytes that an average record of the sample takes; 0 if there is none.
  public var recordBytes: Double
}

/// Looks at a file's head and, if it is large, at places all over it; cost does not depend on the file's size.
///
/// A column is given the narrowest type that fits every cell looked at; one without any value is text. Throws `not-utf8`,
/// `ragged-row`, `unterminated-quote`, `unknown-column`, `bad-option` or an error of reading.
public func sniffCSV(_ source: ByteSource, options: CSVOptions = CSVOptions()) throws -> CSVSniffed {
  try CSVSniffer(source, options).sniff()
}

struct CSVSniffer {
  /// Files up to this size are looked at from end to end, so that small data never surprises.
  static let wholeFileBytes = 2 << 20
  static let headBytes = 256 << 10
  /// The places looked at in a larger file, its end among them.
  static let spreadSamples = 16
  static let spreadBytes = 32 << 10
  /// What is enough to tell separators and quotes.
  static let shapeBytes = 32 << 10

  let source: ByteSource
  let options: CSVOptions

  init(_ source: ByteSource, _ options: CSVOptions) {
    self.source = source
    self.options = options
  }

  func sniff() throws -> CSVSniffed {
    let isWhole = source.sizeBytes <= Self.wholeFileBytes
    let head = try source.bytes(at: 0, count: isWhole ? source.sizeBytes : Self.headBytes)
    var dialect = CSVDialect()
    dialect.encoding = options.encoding
    dialect.ragged = options.ragged
    dialect.nullTexts += options.nullTexts
    if !head.contains(UInt8(ascii: "\n")) && head.contains(UInt8(ascii: "\r")) { dialect.newline = UInt8(ascii: "\r") }
    try checkEncoding(head, isWhole, dialect)
    let tableStart = try start(of: head, dialect)
    let sample = tableStart < head.count ? head[tableStart...] : head[head.count...]
    settle(&dialect, sample, isWhole)
    let shape = CSVShape(sample.prefix(Self.shapeBytes), dialect, isComplete: isWhole && sample.count <= Self.shapeBytes)
    let columns = options.ragged == .fill ? max(shape.columns, shape.cellCounts.first ?? 0) : shape.columns
    if columns == 0 {
      // Not one whole record in the sample, or none at all.
      if isWhole || sample.isEmpty {
        return CSVSniffed(
          dialect: dialect, schema: Schema([]), dataStart: source.sizeBytes, sampledRows: 0, isComplete: true, recordBytes: 0)
      }
      throw CSVErrors.recordTooLong(source, at: tableStart, newline: dialect.newline, limitBytes: Self.shapeBytes)
    }
    try checkFirstRecord(shape, columns, tableStart, dialect)
    var table = CSVTableSniffer(
      source: source, options: options, dialect: dialect, columns: columns, tableStart: tableStart, headEnd: head.count, isWhole: isWhole)
    return try table.sniff()
  }

  private func checkEncoding(_ head: [UInt8], _ isWhole: Bool, _ dialect: CSVDialect) throws {
    guard options.encoding == .utf8 else { return }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      throw Diagnostic(
        "not-utf8", .user, "UTF-16 text, which is not read: \(source.path)", suggestion: "iconv -f UTF-16 -t UTF-8 turns it into UTF-8")
    }
    let invalid = Int(dsh_utf8_first_invalid(head, Int64(head.count)))
    // A sequence that the sample's end cuts short is no error.
    if invalid >= 0 && (isWhole || invalid < head.count - 4) {
      throw CSVErrors.notUTF8(source, at: invalid, newline: dialect.newline)
    }
  }

  /// Where the table starts: behind a byte-order mark and skipped lines.
  private func start(of head: [UInt8], _ dialect: CSVDialect) throws -> Int {
    var position = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for _ in 0..<max(0, options.skip) {
      if position < head.count, let end = head[position...].firstIndex(of: dialect.newline) {
        position = end + 1
      } else {
        position = try CSVStartFinder.nextLine(source, dialect, from: position)
      }
    }
    return position
  }

  /// Chooses separator, quote and escape.
  private func settle(_ dialect: inout CSVDialect, _ sample: ArraySlice<UInt8>, _ isWhole: Bool) {
    let text = sample.prefix(Self.shapeBytes)
    let isComplete = isWhole && text.count == sample.count
    if let quote = options.quote { dialect.quote = quote }
    if let escape = options.escape { dialect.escape = escape == dialect.quote ? nil : escape }
    var best: (shape: CSVShape, dialect: CSVDialect)?
    let hasApostrophe = text.contains(UInt8(ascii: "'"))
    // A separator that the text does not hold explains nothing; without any, the first in the list stands for a single column.
    let delimiters = CSVShape.delimiters.enumerated().filter { $0.offset == 0 || text.contains($0.element) }.map(\.element)
    for delimiter in options.delimiter.map({ [$0] }) ?? delimiters {
      var candidate = dialect
      candidate.delimiter = delimiter
      let shape = CSVShape(text, candidate, isComplete: isComplete)
      if best.map({ shape.score > $0.shape.score }) ?? true { best = (shape, candidate) }
      guard options.quote == nil, hasApostrophe, shape.quotedCells == 0 else { continue }
      candidate.quote = UInt8(ascii: "'")
      let single = CSVShape(text, candidate, isComplete: isComplete)
      let isConvincing = single.malformedCells == 0 && single.quotedCells * 2 >= single.records && single.quotedCells > 1
      if isConvincing && single.score >= (best?.shape.score ?? 0) { best = (single, candidate) }
    }
    guard let best else { return }
    dialect = best.dialect
    guard options.escape == nil, dialect.quote != nil, sample.contains(UInt8(ascii: "\\")) else { return }
    let backslashes = CSVShape.Backslashes(sample, dialect)
    guard backslashes.escaping > 0 else { return }
    var escaped = dialect
    escaped.escape = UInt8(ascii: "\\")
    let shape = CSVShape(text, escaped, isComplete: isComplete)
    if backslashes.literal == 0 ? shape.score >= best.shape.score : shape.score > best.shape.score { dialect = escaped }
  }

  private func checkFirstRecord(_ shape: CSVShape, _ columns: Int, _ tableStart: Int, _ dialect: CSVDialect) throws {
    guard options.ragged == .error, let first = shape.cellCounts.first, first != columns else { return }
    var error = CSVErrors.raggedRow(source, at: tableStart, newline: dialect.newline, expected: columns, found: first)
    if let lines = shape.cellCounts.firstIndex(of: columns), first < columns {
      error.suggestion = "--skip=\(options.skip + lines) leaves out text before the table"
    }
    throw error
  }
}
