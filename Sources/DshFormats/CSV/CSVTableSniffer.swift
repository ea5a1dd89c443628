// Finds names and types of the columns once it is known how the file is written.
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

  mutating func sniff() throws -> CSVSniffed {
    // The head is whole records of the right length in any case: a ragged one further on is for the scan to report.
    var lenient = dialect
    lenient.ragged = .fill
    let window = CSVWindow(
      source: source, dialect: lenient, columns: columns, start: tableStart, end: isWhole ? source.sizeBytes : headEnd - 1,
      windowBytes: max(CSVWindow.usualBytes, headEnd))
    guard try window.advance() else {
      return CSVSniffed(
        dialect: dialect, schema: Schema([]), dataStart: source.sizeBytes, sampledRows: 0, isComplete: true, recordBytes: 0)
    }
    let first = firstRecord(of: window)
    infer(window, from: 1)
    let header = options.header ?? isHeader(first.cells, first.types, window)
    let dataStart = header ? (window.records > 1 ? window.offset(ofRecord: 1) : window.position) : window.offset(ofRecord: 0)
    if !header {
      for column in 0..<columns { types[column] = CSVTypeInference.join(types[column], first.types[column]) }
      rows += 1
    }
    rowBytes = window.position - dataStart
    while try window.advance() {
      infer(window, from: 0)
      rowBytes = window.position - dataStart
    }
    if !isWhole { spread(lenient, from: headEnd) }
    dialect.hasHeader = header
    let names = try names(header ? first.cells : [])
    let schema = Schema(zip(names, types).map { Field($0, $1 == .null ? .string : $1) })
    return CSVSniffed(
      dialect: dialect, schema: try applyTypes(schema), dataStart: dataStart, sampledRows: rows, isComplete: isWhole,
      recordBytes: rows > 0 ? Double(rowBytes) / Double(rows) : 0
    ).fixing(options.types)
  }

  /// The text (nil for null) and the type of each cell of the first record.
  private func firstRecord(of window: CSVWindow) -> (cells: [String?], types: [DataType]) {
    var texts: [String?] = []
    var types: [DataType] = []
    for column in 0..<columns {
      var cells = parser.cells(window, column: column, firstRecord: 0, rows: nil, isLenient: false)
      types.append(CSVTypeInference.classify(&cells, 0))
      let builder = ColumnBuilder(type: .string, rows: 1)
      _ = parser.parse(&cells, count: 1, into: builder)
      texts.append(CellText.string(builder.finish(), row: 0))
    }
    return (texts, types)
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
      guard let found = try? window.advance(), found, window.cutRecords == 0, window.filledRecords == 0 else { continue }
      infer(window, from: 0)
      rowBytes += window.position - start
    }
  }

  // MARK: Names

  /// Whether the first record names the columns.
  ///
  /// Text over a column of numbers or dates does; so do year numbers over a table of numbers. Where every column is text, a first
  /// record of distinct texts that never come again as values does.
  private func isHeader(_ cells: [String?], _ firstTypes: [DataType], _ window: CSVWindow) -> Bool {
    var typedColumns = 0
    for column in 0..<columns where types[column] != .null && types[column] != .string {
      guard cells[column] != nil else { continue }
      typedColumns += 1
      // A number over numbers of another kind is data: 3.5 over whole numbers, 1 over dates.
      if firstTypes[column] == .string, CSVTypeInference.join(types[column], .string) != types[column] { return true }
    }
    if typedColumns > 0 { return areYears(cells, firstTypes) }
    if options.names != nil { return false }
    let named = cells.compactMap { $0 }.filter { !$0.isEmpty }
    guard !named.isEmpty, named.count * 2 > columns, Set(named).count == named.count else { return false }
    guard zip(cells, firstTypes).allSatisfy({ $0 == nil || $1 == .string }) else { return false }
    return !recurs(cells, window)
  }

  private func areYears(_ cells: [String?], _ firstTypes: [DataType]) -> Bool {
    let years = (0..<columns).filter { types[$0] == .int64 || types[$0] == .float64 }.map { cells[$0].flatMap { Int($0) } }
    guard years.count > 2, types.contains(.float64), let first = years[0] else { return false }
    return 1000...2999 ~= first && years.enumerated().allSatisfy { $1 == first + $0 }
  }

  /// Whether a text of the first record comes again in its column.
  private func recurs(_ cells: [String?], _ window: CSVWindow) -> Bool {
    for column in 0..<columns {
      guard var name = cells[column], !name.isEmpty else { continue }
      var values = parser.cells(window, column: column, firstRecord: 1, rows: nil, isLenient: false)
      let builder = ColumnBuilder(type: .string, rows: window.records)
      _ = parser.parse(&values, count: window.records - 1, into: builder)
      let texts = builder.finish()
      let again = name.withUTF8 { utf8 in (0..<texts.count).contains { texts.textBytes(at: $0).elementsEqual(utf8) } }
      if again { return true }
    }
    return false
  }

  private func names(_ header: [String?]) throws -> [String] {
    if let names = options.names {
      guard names.count == columns else {
        throw Diagnostic("bad-option", .user, "--names has \(names.count) names for \(columns) columns: \(source.path)")
      }
      return Self.cleaned(names)
    }
    return Self.cleaned((0..<columns).map { header.indices.contains($0) ? header[$0] ?? "" : "" })
  }

  /// Names without spaces around them, `column3` for an empty third, `name_2` for a second `name`.
  static func cleaned(_ names: [String]) -> [String] {
    var used: Set<String> = []
    let trimmed = names.map { name in
      let scalars = name.unicodeScalars.drop { $0.properties.isWhitespace }
      return String(String.UnicodeScalarView(scalars.reversed().drop { $0.properties.isWhitespace }.reversed()))
    }
    // A given name has the right of way before a made one.
    let given = Set(trimmed)
    return trimmed.enumerated().map { index, name in
      let base = name.isEmpty ? "column\(index + 1)" : name
      var unique = base
      var number = 1
      while used.contains(unique) || (unique != name && given.contains(unique)) {
        number += 1
        unique = "\(base)_\(number)"
      }
      used.insert(unique)
      return unique
    }
  }

  // MARK: Types

  private func applyTypes(_ schema: Schema) throws -> Schema {
    guard case .inferred(let given) = options.types else { return Schema(schema.fields.map { Field($0.name, .string) }) }
    var schema = schema
    for (name, type) in given {
      guard let column = schema.index(of: name) else {
        throw Diagnostic(
          "unknown-column", .user, "--types names no column of the file: \(name)",
          suggestion: nearestName(to: name, in: schema.names).map(didYouMean),
          notes: ["columns: \(schema.names.joined(separator: ", "))"])
      }
      schema.fields[column].type = type
    }
    return schema
  }
}

extension CSVSniffed {
  /// Marks the columns whose types a person gave.
  fileprivate func fixing(_ types: CSVOptions.Types) -> CSVSniffed {
    guard case .inferred(let given) = types else { return self }
    var fixed = self
    fixed.dialect.fixedColumns = schema.fields.indices.filter { given[schema[$0].name] != nil }
    return fixed
  }
}
