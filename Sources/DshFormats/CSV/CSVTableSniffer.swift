// Looks at the records of a file once it is known how they are written.
import CDshKernels
import DshColumns
import DshDiagnostics

struct CSVTableSniffer {
  let source: ByteSource
  let options: CSVOptions
  var dialect: CSVDialect
  let columns: Int
  let tableStart: Int
  let headEnd: Int
  let isWhole: Bool

  private let parser: CSVColumnParser
  private var types: [DataType]
  private var rows = 0
  private var rowBytes = 0
  /// The most texts of the first records that are compared with names.
  private static let comparedTexts = 1_600

  init(
    source: ByteSource, options: CSVOptions, dialect: CSVDialect, columns: Int, tableStart: Int, headEnd: Int, isWhole: Bool
  ) {
    self.source = source
    self.options = options
    self.dialect = dialect
    self.columns = columns
    self.tableStart = tableStart
    self.headEnd = headEnd
    self.isWhole = isWhole
    parser = CSVColumnParser(dialect)
    types = Array(repeating: .null, count: columns)
  }

  /// Looks at the file; nil if it holds no record.
  ///
  /// The first record is taken for a header that may stand again among the records, where it would hide the types of what is below it; that counts
  /// if types tell then that it is one.
  mutating func look() throws -> CSVTableLook? {
    guard options.header != false else { return try look(leavesOutHeaders: false)?.look }
    guard let assumed = try look(leavesOutHeaders: true) else { return nil }
    if assumed.look.evidence.verdict == .certain(true) { return assumed.look }
    if assumed.repeats { return try look(leavesOutHeaders: false)?.look }
    var look = assumed.look
    look.dialect.repeatedHeader = []
    return look
  }

  private mutating func look(leavesOutHeaders: Bool) throws -> (look: CSVTableLook, repeats: Bool)? {
    types = Array(repeating: .null, count: columns)
    rows = 0
    // The head is whole records of the right length in any case: a ragged one further on is for the scan to report.
    var lenient = dialect
    if lenient.ragged == .error { lenient.ragged = .fill }
    let end = isWhole ? source.sizeBytes : headEnd - 1
    let windowBytes = max(CSVWindow.usualBytes, headEnd)
    let window = CSVWindow(source: source, dialect: lenient, columns: columns, start: tableStart, end: end, windowBytes: windowBytes)
    guard try window.advance() else { return nil }
    var evidence = CSVHeaderEvidence(columns: firstRecord(of: window))
    let recordStart = window.offset(ofRecord: 0)
    let dataStart = window.records > 1 ? window.offset(ofRecord: 1) : window.position
    // A record that had to be quoted as it is may be a row: nobody could write such a row in another way.
    if leavesOutHeaders, evidence.columns.contains(where: { !$0.needsItsQuotes }) { lenient.repeatedHeader = record(of: window) }
    let below = CSVWindow(source: source, dialect: lenient, columns: columns, start: dataStart, end: end, windowBytes: windowBytes)
    rowBytes = below.position - dataStart
    while try below.advance() {
      infer(below, from: 0)
      rowBytes = below.position - dataStart
    }
    if !isWhole { spread(lenient, from: headEnd) }
    for column in 0..<columns { evidence.columns[column].type = types[column] }
    var dialect = dialect
    dialect.repeatedHeader = lenient.repeatedHeader
    let look = CSVTableLook(
      dialect: dialect, evidence: evidence, recordStart: recordStart, dataStart: dataStart, rows: rows, rowBytes: rowBytes,
      isComplete: isWhole, sizeBytes: source.sizeBytes)
    return (look, below.irregular.repeatedHeaders > 0)
  }

  /// What the first record of a window holds, and the records below it.
  func firstRecord(of window: CSVWindow) -> [CSVHeaderEvidence.Column] {
    // Texts that mean null in a row are names like others.
    var plain = dialect
    plain.nullTexts = []
    let names = CSVColumnParser(plain)
    let compared = min(window.records, 1 + max(8, Self.comparedTexts / columns))
    return (0..<columns).map { index in
      var column = CSVHeaderEvidence.Column()
      var cells = parser.cells(window, column: index, firstRecord: 0, rows: nil, isLenient: false)
      column.nameType = CSVTypeInference.classify(&cells, 0)
      let values = texts(&cells, compared, parser)
      column.values = values.map(\.text).suffix(from: 1).map { $0 }
      column.isQuoted = values.map(\.isQuoted).suffix(from: 1).map { $0 }
      cells = names.cells(window, column: index, firstRecord: 0, rows: nil, isLenient: false)
      let name = texts(&cells, 1, names)[0]
      column.name = name.text
      column.isNameQuoted = name.isQuoted
      if column.nameType == .null && name.text?.isEmpty == false { column.nameType = .string }
      return column
    }
  }

  private func texts(_ cells: inout dsh_csv_cells, _ count: Int, _ parser: CSVColumnParser) -> [(text: String?, isQuoted: Bool)] {
    let builder = ColumnBuilder(type: .string, rows: count)
    _ = parser.parse(&cells, count: count, into: builder)
    let column = builder.finish()
    return (0..<count).map { row in
      var start: UnsafePointer<UInt8>?
      var length: Int64 = 0
      _ = dsh_csv_cell(&cells, Int64(row), &start, &length)
      let raw = UnsafeBufferPointer(start: start, count: Int(length))
      let first = dialect.skipsBlanks ? raw.first { $0 != UInt8(ascii: " ") } : raw.first
      return (CellText.string(column, row: row), first != nil && first == dialect.quote)
    }
  }

  /// The bytes of the first record, without its line end.
  private func record(of window: CSVWindow) -> [UInt8] {
    let start = window.offset(ofRecord: 0) - window.fileOffset
    var end = (window.records > 1 ? window.offset(ofRecord: 1) : window.position) - window.fileOffset
    while end > start, window.bytes[end - 1] == UInt8(ascii: "\n") || window.bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Array(UnsafeBufferPointer(start: window.bytes + start, count: end - start))
  }

  /// Widens the types to fit the records of a window.
  private mutating func infer(_ window: CSVWindow, from first: Int) {
    rows += window.records - first
    for column in 0..<columns {
      var cells = parser.cells(window, column: column, firstRecord: first, rows: nil, isLenient: false)
      types[column] = CSVTypeInference.widen(types[column], &cells, count: window.records - first, scratch: parser.scratch).type
    }
  }

  /// Looks at places all over the rest of the file. What can't be read there is left for the scan to report.
  private mutating func spread(_ dialect: CSVDialect, from begin: Int) {
    let last = source.sizeBytes - CSVSniffer.spreadBytes
    for place in 1...CSVSniffer.spreadSamples where last > begin {
      let target = begin + Int(Double(last - begin) * Double(place) / Double(CSVSniffer.spreadSamples))
      guard let start = try? CSVStartFinder.find(source, dialect: dialect, columns: columns, start: target) else { continue }
      let window = CSVWindow(
        source: source, dialect: dialect, columns: columns, start: start, end: target + CSVSniffer.spreadBytes,
        windowBytes: 2 * CSVSniffer.spreadBytes)
      guard let found = try? window.advance(), found, window.irregular.cut == 0, window.irregular.filled == 0 else { continue }
      infer(window, from: 0)
      rowBytes += window.position - start
    }
  }
}
