// CSV text that comes piece by piece: the records that are whole, and the places of their cells.
import CDshKernels
import DshColumns

/// The text of a stream from the first record that was not dropped.
final class CSVStreamText {
  let parser = CSVColumnParser(CSVDialect())
  private let dialect = CSVDialect()
  private var bytes = MutableBuffer(capacity: 4 << 10)
  /// The bytes of whole records, and what the scan found in them.
  private var wholeBytes = 0
  private var scanned: [UInt32] = []
  private var newlines = 0
  /// Two entries for each cell of the whole records, the one before it and its end.
  private var normalized = MutableBuffer(capacity: 0)
  private var columns = 0
  /// Records that were dropped.
  private var droppedRecords = 0
  /// Bytes that held no whole record: only twice as many are looked at again, so that a long record is not scanned over and over.
  private var fruitlessBytes = 0

  func append(_ more: [UInt8]) {
    more.withUnsafeBytes { source in
      if let base = source.baseAddress { bytes.append(base, byteCount: source.count) }
    }
  }

  /// Finds the records that are whole.
  func scan(isEnd: Bool) throws(StreamMistake) {
    (wholeBytes, newlines, scanned) = (0, 0, [])
    if isEnd, bytes.byteCount > 0, text[bytes.byteCount - 1] != CSVDialect.newline { bytes.append(CSVDialect.newline) }
    guard bytes.byteCount > 0, isEnd || bytes.byteCount >= 2 * fruitlessBytes else { return }
    // The scan loads whole vectors.
    bytes.reserve(Int(DSH_CSV_PADDING))
    var entries = [UInt32](repeating: 0, count: bytes.byteCount + 66)
    var characters = dialect.characters
    var structure = dsh_csv_structure()
    dsh_csv_find_structure(text, Int64(bytes.byteCount), &characters, &entries, &structure)
    if isEnd, Int(structure.state) == DSH_CSV_QUOTED {
      throw StreamMistake("record \(recordNumber(of: Int(structure.newline_count)))", "a quote is not closed")
    }
    newlines = Int(structure.newline_count)
    var count = Int(structure.entry_count)
    while count > 0, text[Int(entries[count - 1])] != CSVDialect.newline { count -= 1 }
    scanned = Array(entries.prefix(count))
    wholeBytes = scanned.last.map { Int($0) + 1 } ?? 0
    fruitlessBytes = wholeBytes == 0 ? bytes.byteCount : 0
    guard fruitlessBytes <= streamRecordLimitBytes else {
      throw StreamMistake("record \(recordNumber(of: 0))", "it is longer than \(streamRecordLimitBytes) bytes; a quote may not be closed")
    }
    if structure.high_bits != 0 {
      let invalid = Int(dsh_utf8_first_invalid(text, Int64(wholeBytes)))
      guard invalid < 0 else {
        let record = scanned.lazy.filter { Int($0) < invalid && self.text[Int($0)] == CSVDialect.newline }.count
        throw StreamMistake("record \(recordNumber(of: record))", "this is not UTF-8: \(streamExcerpt(excerpt(around: invalid)))")
      }
    }
  }

  private var text: UnsafeMutablePointer<UInt8> { bytes.pointer(to: UInt8.self) }

  private func excerpt(around place: Int) -> UnsafeBufferPointer<UInt8> {
    let start = max(0, place - 20)
    return UnsafeBufferPointer(start: text + start, count: min(wholeBytes - start, 40))
  }

  /// The cells of the first record that is whole, as text; nil if none is.
  var firstRecord: [String?]? {
    guard let end = scanned.firstIndex(where: { text[Int($0)] == CSVDialect.newline }) else { return nil }
    let width = end + 1
    normalize(entryCount: width, columns: width, newlines: 1)
    columns = width
    return (0..<width).map { column in
      var one = cells(ofColumn: column, firstRecord: 0, isLenient: false)
      let builder = ColumnBuilder(type: .string, rows: 1)
      _ = parser.parse(&one, count: 1, into: builder)
      return CellText.string(builder.finish(), row: 0)
    }
  }

  @discardableResult
  private func normalize(entryCount: Int, columns: Int, newlines: Int) -> dsh_csv_normalized {
    normalized = MutableBuffer(capacity: newlines * 2 * columns * 4)
    var result = dsh_csv_normalized()
    var exclusions = dsh_csv_exclusions()
    scanned.withUnsafeBufferPointer {
      dsh_csv_normalize(text, $0.baseAddress, Int64(entryCount), Int64(columns), 1, &exclusions, normalized.pointer(), &result)
    }
    return result
  }

  /// Brings the cells into the form of so many columns; the number of records.
  func shape(columns: Int) throws(StreamMistake) -> Int {
    self.columns = columns
    guard newlines > 0, columns > 0 else { return 0 }
    let result = normalize(entryCount: scanned.count, columns: columns, newlines: newlines)
    guard result.first_ragged_start < 0 else {
      let start = UInt32(result.first_ragged_start)
      let record = scanned.lazy.filter { $0 < start && self.text[Int($0)] == CSVDialect.newline }.count
      let line = UnsafeBufferPointer(start: text + Int(start), count: wholeBytes - Int(start)).prefix { $0 != CSVDialect.newline }
      throw StreamMistake(
        "record \(recordNumber(of: record))", "\(result.first_ragged_cells) cells instead of \(columns): \(streamExcerpt(line))")
    }
    wholeRecords = Int(result.records)
    return wholeRecords
  }

  private var wholeRecords = 0

  /// The number, from 1, of a record that has that number among those that are there.
  func recordNumber(of record: Int) -> Int { droppedRecords + record + 1 }

  func cells(ofColumn column: Int, firstRecord: Int, isLenient: Bool) -> dsh_csv_cells {
    var cells = parser.cells(UnsafePointer(text), normalized.pointer(), stride: 2 * columns, place: 2 * column, isLenient: isLenient)
    cells.first_record = Int64(firstRecord)
    return cells
  }

  /// A cell as it stands there, cut to what fits a message.
  func text(of cells: inout dsh_csv_cells, _ index: Int) -> String {
    var start: UnsafePointer<UInt8>?
    var length: Int64 = 0
    _ = dsh_csv_cell(&cells, Int64(index), &start, &length)
    return streamExcerpt(UnsafeBufferPointer(start: start, count: Int(length)))
  }

  /// Forgets the whole records.
  func drop() {
    droppedRecords += wholeRecords
    wholeRecords = 0
    let rest = MutableBuffer(capacity: bytes.byteCount - wholeBytes + Int(DSH_CSV_PADDING))
    if bytes.byteCount > wholeBytes { rest.append(UnsafeRawPointer(text + wholeBytes), byteCount: bytes.byteCount - wholeBytes) }
    bytes = rest
    wholeBytes = 0
  }
}
