// The piece of a CSV file that is in memory: whole records with the places of their cells.
import CDshKernels
import DshColumns
import DshDiagnostics

/// A sliding window over a part of a file; one thread moves it.
///
/// After each `advance` it holds `records` whole records. Cell c of record r lies between
/// `recordEntries[r * stride + c]` and the entry behind, both not included.
final class CSVWindow {
  /// Half of a usual second-level cache: text, entries and columns stay in it.
  static let usualBytes = 256 << 10
  /// The longest record: beyond it a lost quote is likelier than a cell.
  static let recordLimitBytes = 64 << 20
  /// What is read behind the end of the part to finish its last record.
  static let finishBytes = 4 << 10

  let source: ByteSource
  let dialect: CSVDialect
  let columns: Int
  /// The part's end: records that start at or behind it belong to somebody else.
  let end: Int

  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var filled = 0
  /// Where in the file `bytes` starts.
  private(set) var fileOffset: Int
  /// The bytes of the window that its records take.
  private var consumed = 0

  /// One entry before the first record, then those that the scan found.
  private var scanned: UnsafeMutablePointer<UInt32>
  private var normalized: UnsafeMutablePointer<UInt32>
  private var normalizedCapacity = 0

  private(set) var records = 0
  private(set) var stride = 0
  /// Which entries the scan writes, where not all are needed; given up at the first irregular record.
  private var selection: CSVSelection?
  /// Whether the records of the window hold only the selected entries.
  private var isSelected = false
  /// Whether each cell has two entries, the one before it and its end.
  private var isNormalized = false
  private(set) var recordEntries: UnsafePointer<UInt32>
  /// Whether a carriage return that ends the last cell is still part of it.
  private(set) var stripsReturn = false
  /// Where the first record behind the part starts, once known.
  private(set) var actualEnd: Int?
  private(set) var irregular = IrregularRecords()

  /// A window that will be asked for the cells of `wanted` columns, nil for all.
  init(
    source: ByteSource, dialect: CSVDialect, columns: Int, wanted: [Int]? = nil, start: Int, end: Int,
    windowBytes: Int = CSVWindow.usualBytes
  ) {
    self.source = source
    self.dialect = dialect
    self.columns = columns
    self.end = min(end, source.sizeBytes)
    fileOffset = start
    // Small parts need no large window.
    capacity = min(windowBytes, max(0, self.end - start) + 2 * Self.finishBytes)
    bytes = .allocate(capacity: capacity + Int(DSH_CSV_PADDING))
    // The padding is read, though never used.
    bytes.initialize(repeating: 0, count: capacity + Int(DSH_CSV_PADDING))
    scanned = .allocate(capacity: capacity + 66)
    normalized = .allocate(capacity: 1)
    recordEntries = UnsafePointer(scanned)
    // Lines that are to be left out are told from others by all their cells.
    selection = dialect.comment == nil ? wanted.flatMap { CSVSelection(columns: columns, wanted: $0) } : nil
  }

  deinit {
    bytes.deallocate()
    scanned.deallocate()
    normalized.deallocate()
  }

  /// The file offset behind the records seen so far.
  var position: Int { fileOffset + consumed }

  /// Where a record starts in the file.
  func offset(ofRecord record: Int) -> Int { fileOffset + Int(recordEntries[record * stride] &+ 1) }

  /// Where a cell starts in the file.
  func offset(ofRecord record: Int, column: Int) -> Int { fileOffset + Int(recordEntries[record * stride + place(of: column)] &+ 1) }

  /// Which of a record's entries is the one before a column's cell.
  func place(of column: Int) -> Int {
    if isSelected, let selection { return selection.places[column] }
    return isNormalized ? 2 * column : column
  }

  /// Moves on to the next records; false if the part has no more.
  func advance() throws -> Bool {
    while actualEnd == nil {
      // A stretch of nothing but blank lines has no records.
      if try slide() { return true }
    }
    records = 0
    return false
  }

  private func slide() throws -> Bool {
    records = 0
    filled -= consumed
    if consumed > 0 && filled > 0 { bytes.update(from: bytes + consumed, count: filled) }
    fileOffset += consumed
    consumed = 0
    if fileOffset >= end || columns == 0 {
      actualEnd = fileOffset
      return false
    }
    while true {
      let atEnd = try fill()
      dialect.prepare(bytes, count: filled, isEnd: atEnd)
      if try scanSelected(atEnd) { return records > 0 }
      if try scanAll(atEnd) { return records > 0 }
      if atEnd {
        actualEnd = fileOffset
        return false
      }
      try grow()
    }
  }

  /// Finds the places of wanted cells alone; false if the records are not regular or there is no whole one.
  private func scanSelected(_ atEnd: Bool) throws -> Bool {
    guard let selection else { return false }
    var characters = dialect.characters
    var structure = dsh_csv_structure()
    let isDone = selection.withPointer { dsh_csv_find_selected(bytes, Int64(filled), &characters, $0, scanned + 1, &structure) != 0 }
    var newlines = Int(structure.newline_count)
    let rest = Int(structure.entry_count) - newlines * columns
    guard isDone, newlines > 0, rest >= 0, rest < columns,
      withExclusions({ dsh_csv_is_regular(bytes, scanned + 1, structure.newline_count, Int64(selection.stride), $0) }) != 0
    else {
      // Blank lines, ragged records and headers among the records seldom come alone.
      if filled > 0 && newlines > 0 || !isDone { self.selection = nil }
      return false
    }
    scanned[0] = .max
    consumed = Int(scanned[newlines * selection.stride]) + 1
    if atEnd && consumed < filled {
      // The last record has no line end; give it one if it is otherwise whole.
      guard rest == columns - 1, Int(structure.state) != DSH_CSV_QUOTED else { return false }
      bytes[filled] = CSVDialect.newline
      newlines += 1
      scanned[newlines * selection.stride] = UInt32(truncatingIfNeeded: filled)
      consumed = filled
    }
    isSelected = true
    isNormalized = false
    records = newlines
    stride = selection.stride
    recordEntries = UnsafePointer(scanned)
    stripsReturn = true
    if position >= end {
      let first = firstRecord(startingAt: end)
      actualEnd = first < records ? offset(ofRecord: first) : position
    }
    leaveOutRecordsBehindEnd()
    try validate(structure.high_bits != 0)
    return true
  }

  /// Finds the places of all cells; false if there is no whole record.
  private func scanAll(_ atEnd: Bool) throws -> Bool {
    isSelected = false
    var characters = dialect.characters
    var structure = dsh_csv_structure()
    dsh_csv_find_structure(bytes, Int64(filled), &characters, scanned + 1, &structure)
    scanned[0] = .max
    var entryCount = Int(structure.entry_count)
    var newlines = Int(structure.newline_count)
    if atEnd, filled > 0, entryCount == 0 || Int(scanned[entryCount]) != filled - 1 || bytes[filled - 1] != CSVDialect.newline {
      if Int(structure.state) == DSH_CSV_QUOTED {
        throw CSVErrors.unterminatedQuote(source, at: lastOpenedQuote, dialect, isTableWithoutQuotes: isTableWithoutQuotes)
      }
      // The last record has no line end: give it one, in the padding.
      bytes[filled] = CSVDialect.newline
      scanned[entryCount + 1] = UInt32(truncatingIfNeeded: filled)
      entryCount += 1
      newlines += 1
    }
    guard newlines > 0 else { return false }
    while bytes[Int(scanned[entryCount])] != CSVDialect.newline { entryCount -= 1 }
    consumed = min(filled, Int(scanned[entryCount]) + 1)
    cut(entryCount)
    try shape(entryCount, newlines)
    try validate(structure.high_bits != 0)
    return true
  }

  /// Reads up to the window's size, not much behind the part; true at the end of the file.
  private func fill() throws -> Bool {
    let position = fileOffset + filled
    // Behind the part's end twice as much each time, so that a long last record is not scanned over and over.
    let behind = max(Self.finishBytes, position > end ? filled : 0)
    let wanted = min(capacity - filled, max(0, end - position) + behind, source.sizeBytes - position)
    if wanted > 0 {
      let got = try source.read(into: bytes + filled, at: position, count: wanted)
      if got < wanted { throw CSVErrors.shrunk(source, at: position + got) }
      filled += got
    }
    return fileOffset + filled >= source.sizeBytes
  }

  private func grow() throws {
    // A window that is not full yet has only to be read further.
    if filled < capacity { return }
    guard capacity < Self.recordLimitBytes else {
      throw CSVErrors.recordTooLong(source, at: lastOpenedQuote, dialect, limitBytes: Self.recordLimitBytes)
    }
    let larger = capacity * 2
    let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Int(DSH_CSV_PADDING))
    fresh.initialize(repeating: 0, count: larger + Int(DSH_CSV_PADDING))
    fresh.update(from: bytes, count: filled)
    bytes.deallocate()
    bytes = fresh
    capacity = larger
    scanned.deallocate()
    scanned = .allocate(capacity: capacity + 66)
  }

  /// Finds where the part ends if it ends among these records.
  private func cut(_ entryCount: Int) {
    guard position > end else {
      if position == end { actualEnd = end }
      return
    }
    // The first line start at or behind the end: behind the first line end at or behind the byte before the end.
    let border = UInt32(truncatingIfNeeded: end - 1 - fileOffset)
    var low = 1
    var high = entryCount
    while low < high {
      let middle = (low + high) / 2
      if scanned[middle] < border { low = middle + 1 } else { high = middle }
    }
    while bytes[Int(scanned[low])] != CSVDialect.newline { low += 1 }
    actualEnd = fileOffset + min(filled, Int(scanned[low]) + 1)
  }

  /// Brings the entries into the form of records.
  private func shape(_ entryCount: Int, _ newlines: Int) throws {
    let isRegular =
      newlines * columns == entryCount && dialect.comment == nil && !dialect.delimiter.isLong
      && withExclusions { dsh_csv_is_regular(bytes, scanned + 1, Int64(newlines), Int64(columns), $0) } != 0
    isNormalized = !isRegular
    if isRegular {
      records = newlines
      stride = columns
      recordEntries = UnsafePointer(scanned)
      stripsReturn = true
    } else {
      let needed = newlines * 2 * columns
      if normalizedCapacity < needed {
        normalized.deallocate()
        normalized = .allocate(capacity: needed)
        normalizedCapacity = needed
      }
      var result = dsh_csv_normalized()
      withExclusions {
        dsh_csv_normalize(
          bytes, scanned + 1, Int64(entryCount), Int64(columns), Int64(dialect.delimiter.bytes.count), $0, normalized, &result)
      }
      records = Int(result.records)
      stride = 2 * columns
      recordEntries = UnsafePointer(normalized)
      stripsReturn = false
      let ragged = fileOffset + Int(result.first_ragged_start)
      if result.first_ragged_start >= 0, ragged < (actualEnd ?? .max), dialect.ragged == .error {
        throw CSVErrors.raggedRow(
          source, at: ragged, dialect, expected: columns, found: Int(result.first_ragged_cells))
      }
      irregular.skipped += Int(result.skipped_records)
      irregular.repeatedHeaders += Int(result.repeated_headers)
      irregular.cut += Int(result.long_records)
      irregular.filled += Int(result.short_records)
    }
    leaveOutRecordsBehindEnd()
  }

  /// The first of the records that starts at or behind a place in the file; `records` if none does.
  private func firstRecord(startingAt place: Int) -> Int {
    var low = 0
    var high = records
    while low < high {
      let middle = (low + high) / 2
      if offset(ofRecord: middle) < place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func leaveOutRecordsBehindEnd() {
    guard let actualEnd else { return }
    records = firstRecord(startingAt: actualEnd)
    consumed = actualEnd - fileOffset
  }

  private func withExclusions<T>(_ body: (UnsafePointer<dsh_csv_exclusions>) -> T) -> T {
    dialect.repeatedHeader.withUnsafeBufferPointer { header in
      var exclusions = dsh_csv_exclusions(
        skips_ragged: dialect.ragged == .skip ? 1 : 0, comment: dialect.comment ?? 0, header: header.baseAddress,
        header_length: Int64(header.count))
      return body(&exclusions)
    }
  }

  private func validate(_ hasHighBits: Bool) throws {
    guard hasHighBits, dialect.encoding == .utf8 else { return }
    let invalid = Int(dsh_utf8_first_invalid(bytes, Int64(consumed)))
    if invalid >= 0 { throw CSVErrors.notUTF8(source, at: fileOffset + invalid, dialect) }
  }

  /// Where in the file the last quote stands that was opened outside quotes in the window; the window's start if none was.
  private var lastOpenedQuote: Int {
    var characters = dialect.characters
    var structure = dsh_csv_structure()
    var opened = fileOffset
    for index in 0..<filled {
      let before = structure.state
      dsh_csv_find_structure_bytewise(bytes + index, 1, &characters, scanned, &structure)
      if before == Int32(DSH_CSV_CELL_START) && structure.state == Int32(DSH_CSV_QUOTED) { opened = fileOffset + index }
    }
    return opened
  }

  /// Whether the records of the file's head, and those of the window, have the right number of cells if quotes are text.
  private var isTableWithoutQuotes: Bool {
    var plain = dialect
    plain.quote = nil
    let head = (try? source.bytes(at: 0, count: CSVSniffer.wholeFileBytes)) ?? []
    let looks = [
      CSVShape(head[...], plain, isComplete: head.count == source.sizeBytes),
      CSVShape(Array(UnsafeBufferPointer(start: bytes, count: filled))[...], plain, isComplete: fileOffset + filled == source.sizeBytes),
    ]
    return looks[0].records > 0 && looks.allSatisfy { $0.cellCounts.allSatisfy { $0 == columns } }
  }
}
