// Finds out how a CSV file is written, what its columns are called and which types they have.
import CDshKernels
import DshColumns
import DshDiagnostics

/// What a look at a file told.
struct CSVSniffed: Sendable {
  var dialect: CSVDialect
  /// The names and types of all columns; one without any value has the type null.
  var schema: Schema
  /// Where the first record of data starts, behind a byte-order mark, skipped lines and a header.
  var dataStart: Int
  /// The records that were looked at, and whether these are all.
  var sampledRows: Int
  var isComplete: Bool
  /// The bytes that an average record of the sample takes; 0 if there is none.
  var recordBytes: Double
}

/// Settles for the files of one `read` together which have a header, and which columns have a type that a person has fixed.
func settleCSV(_ looks: [CSVTableLook], options: CSVOptions) -> [CSVSniffed] {
  let filled = looks.filter { !$0.evidence.columns.isEmpty }
  let verdicts =
    options.header.map { Array(repeating: $0, count: filled.count) }
    ?? CSVHeaderEvidence.settle(filled.map(\.evidence), givenNames: options.names)
  var settled: [CSVSniffed] = []
  var isHeader = verdicts.makeIterator()
  for look in looks {
    settled.append(look.settled(hasHeader: look.evidence.columns.isEmpty ? false : isHeader.next() ?? false, names: options.names))
  }
  adoptNames(&settled, looks, options)
  for index in settled.indices {
    let names = settled[index].schema.names
    settled[index].dialect.fixedColumns = names.indices.filter { options.types.isFixed(names[$0]) }
  }
  return settled
}

/// Gives files without a header the names that all others of as many columns have: the parts of one table, of which the first has its names.
private func adoptNames(_ settled: inout [CSVSniffed], _ looks: [CSVTableLook], _ options: CSVOptions) {
  guard options.names == nil, options.header == nil else { return }
  let headers = settled.filter(\.dialect.hasHeader)
  for index in settled.indices where !settled[index].dialect.hasHeader && settled[index].schema.count > 0 {
    let alike = Set(headers.filter { $0.schema.count == settled[index].schema.count }.map(\.schema.names))
    guard alike.count == 1, let names = alike.first else { continue }
    settled[index] = looks[index].settled(hasHeader: false, names: names)
  }
}

/// Looks at a file's head and, if it is large, at places all over it; cost does not depend on the file's size.
///
/// A column is given the narrowest type that fits every cell looked at.
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
  /// Whether errors may look at the file once more to find an option that helps.
  let advises: Bool

  init(_ source: ByteSource, _ options: CSVOptions, advises: Bool = true) {
    self.source = source
    self.options = options
    self.advises = advises
  }

  /// Throws `not-utf8`, `ragged-row`, `unterminated-quote`, `bad-option`, `other-format` or an error of reading.
  func look() throws -> CSVTableLook {
    let isWhole = source.sizeBytes <= Self.wholeFileBytes
    var head = try source.bytes(at: 0, count: isWhole ? source.sizeBytes : Self.headBytes)
    try FileSignature.check(head, isRead: "CSV", source.path)
    var dialect = CSVDialect()
    dialect.encoding = options.encoding
    dialect.ragged = options.ragged
    dialect.comment = options.comment
    dialect.decimal = options.decimal
    dialect.thousands = options.thousands
    let lineEnds = CSVLineEnds(head[Self.markBytes(head)...], quote: (options.quote ?? dialect.quote) ?? nil, comment: dialect.comment)
    dialect.endsAtReturns = lineEnds.areMostlyReturns
    try checkEncoding(head, isWhole, dialect)
    let (tableStart, delimiter) = try start(of: head, dialect)
    var candidates = CSVDialectChoice(
      options: options, delimiter: try options.delimiter(dialect.encoding) ?? delimiter.map { .some($0) }, base: dialect)
    var choice = try choose(candidates, &head, from: tableStart)
    if lineEnds.areMixed {
      candidates.base.endsAtReturns = true
      choice = better(choice, try choose(candidates, &head, from: tableStart), head[min(tableStart, head.count)...])
    }
    dialect = choice.dialect
    dialect.nullTexts += nullTexts(dialect)
    let columns = try columnCount(choice.shape)
    if columns == 0 {
      if head.count == source.sizeBytes { return .empty(dialect, sizeBytes: source.sizeBytes) }
      throw CSVErrors.recordTooLong(source, at: tableStart, dialect, limitBytes: CSVWindow.recordLimitBytes)
    }
    try checkFirstRecord(choice.shape, columns, tableStart, dialect)
    var table = CSVTableSniffer(
      source: source, options: options, dialect: dialect, columns: columns, tableStart: tableStart, headEnd: head.count,
      isWhole: head.count == source.sizeBytes)
    return try table.look() ?? .empty(dialect, sizeBytes: source.sizeBytes)
  }

  /// Chooses a dialect by as much of the file as it takes for more than one record; reads more of the head where that is not enough.
  private func choose(_ candidates: CSVDialectChoice, _ head: inout [UInt8], from tableStart: Int) throws -> CSVDialectChoice.Choice {
    var shapeBytes = Self.shapeBytes
    while true {
      let sample = head[min(tableStart, head.count)...]
      let isComplete = head.count == source.sizeBytes && sample.count <= shapeBytes
      let choice = candidates.choose(sample, shapeBytes: shapeBytes, isComplete: isComplete)
      if choice.shape.records > 1 || isComplete || shapeBytes > CSVWindow.recordLimitBytes { return choice }
      shapeBytes *= 4
      if sample.count < shapeBytes, head.count < source.sizeBytes { head = try source.bytes(at: 0, count: tableStart + shapeBytes) }
    }
  }

  /// Lets lone carriage returns end records beside line feeds, unless fewer records of the sample have the right number of cells then.
  private func better(
    _ feedsAlone: CSVDialectChoice.Choice, _ both: CSVDialectChoice.Choice, _ sample: ArraySlice<UInt8>
  ) -> CSVDialectChoice.Choice {
    let isComplete = sample.endIndex == source.sizeBytes
    let scores = [feedsAlone, both].map { CSVShape(sample, $0.dialect, isComplete: isComplete).score }
    return scores[1] >= scores[0] && scores[1] > 0 ? both : feedsAlone
  }

  /// What is asked to mean null does so in quotes too.
  private func nullTexts(_ dialect: CSVDialect) -> [String] {
    guard let quote = dialect.quote.map({ String(UnicodeScalar($0)) }) else { return options.nullTexts }
    return options.nullTexts.flatMap { $0.hasPrefix(quote) ? [$0] : [$0, quote + $0 + quote] }
  }

  private func columnCount(_ shape: CSVShape) throws -> Int {
    guard let names = options.names, shape.columns > 0 else {
      return options.ragged == .error ? shape.columns : max(shape.columns, shape.cellCounts.first ?? 0)
    }
    guard names.count == shape.columns || options.ragged != .error else {
      throw Diagnostic(
        .invalidOptionValue, .user, "--names has \(names.count) names for \(shape.columns) columns: \(source.path)",
        suggestion: "--ragged=fill fits rows to the names")
    }
    return names.count
  }

  private func checkEncoding(_ head: [UInt8], _ isWhole: Bool, _ dialect: CSVDialect) throws {
    guard options.encoding == .utf8 else { return }
    if let order = UTF16Order.suggested(by: head.prefix(4096)) {
      throw Diagnostic(
        .notUTF8, "UTF-16 text without a byte-order mark: \(source.path)", suggestion: "\(order.optionText) reads it")
    }
    let invalid = Int(dsh_utf8_first_invalid(head, Int64(head.count)))
    // A sequence that the sample's end cuts short is no error.
    if invalid >= 0 && (isWhole || invalid < head.count - 4) {
      throw FileSignature.unknown(head, source.path) ?? CSVErrors.notUTF8(source, at: invalid, dialect)
    }
  }

  /// The bytes of a byte-order mark.
  static func markBytes(_ head: [UInt8]) -> Int { head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// Where the table starts, behind a byte-order mark, a spreadsheet's `sep=;` and skipped lines; and the separator that line names.
  private func start(of head: [UInt8], _ dialect: CSVDialect) throws -> (offset: Int, delimiter: CSVDelimiter?) {
    var position = Self.markBytes(head)
    var delimiter: CSVDelimiter?
    let line = head[position...].prefix(7)
    let mark = line.prefix(4).map { $0 | 0x20 }
    if mark == Array("sep".utf8) + [UInt8(ascii: "=") | 0x20], line.count > 5, line[position + 5] == 10 || line[position + 5] == 13 {
      delimiter = CSVDelimiter(line[position + 4])
      position += line[position + 5] == 13 && line.count > 6 && line[position + 6] == 10 ? 7 : 6
    }
    var skipped = 0
    while skipped < options.skip, position < source.sizeBytes {
      skipped += 1
      let end = head.withUnsafeBufferPointer { text in
        (position..<max(position, text.count)).first { CSVQuoteEvidence.endsLine(text, $0, dialect) }
      }
      position = try end.map { $0 + 1 } ?? CSVStartFinder.nextLine(source, dialect, from: position)
    }
    return (position, delimiter)
  }

  private func checkFirstRecord(_ shape: CSVShape, _ columns: Int, _ tableStart: Int, _ dialect: CSVDialect) throws {
    guard options.ragged == .error, let first = shape.cellCounts.first, first != columns else { return }
    var error = CSVErrors.raggedRow(source, at: tableStart, dialect, expected: columns, found: first)
    if advises, let lines = linesBeforeTable(columns, isText: first == 1) {
      error.suggestion = "--skip=\(options.skip + lines) leaves out text before the table"
    }
    throw error
  }

  /// The most lines that an error tries to leave out.
  private static let adviceLines = 50

  /// How many lines to leave out so that a table of as many columns begins with its header; nil if none are known to help.
  ///
  /// - Parameter isText: whether the first line is a single cell, so that no header gets lost with it.
  private func linesBeforeTable(_ columns: Int, isText: Bool) -> Int? {
    for lines in 1...Self.adviceLines {
      var tried = options
      tried.skip += lines
      guard let look = try? CSVSniffer(source, tried, advises: false).look() else { continue }
      guard look.evidence.columns.count == columns else { continue }
      return look.evidence.verdict == .certain(true) || isText && look.evidence.verdict.isHeader ? lines : nil
    }
    return nil
  }
}
