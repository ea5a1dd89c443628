// Reads one split of a file of JSON batch by batch, only the members and rows that are wanted.
import CDshKernels
import DshColumns
import DshDiagnostics

/// The reader of one split.
///
/// Every record is checked as a whole, whatever is wanted of it. Only that an object within a record has no name twice is checked where its members are read.
final class JSONScanner: FormatReader {
  private(set) var rowsScanned = 0
  let start: Int

  private let scan: FileScan
  private let layout: JSONLayout
  private let batchRows: Int
  private let filtered: FilteredColumns
  private let source: ByteSource
  private let window: JSONWindow
  private let columns: JSONColumns
  /// The number of a column's cell among those of a record; -1 if it is not wanted.
  private let slots: [Int]
  /// Whether all columns are wanted, so that a member that is none of them is missed.
  private let wantsAll: Bool
  private var cursor = 0

  /// Opens a split; throws what reading can throw.
  init(_ scan: FileScan, layout: JSONLayout, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws {
    self.scan = scan
    self.layout = layout
    self.source = source
    self.batchRows = batchRows
    filtered = FilteredColumns(scan, predicate)
    let wanted = Set(filtered.all)
    var slots = [Int](repeating: -1, count: scan.schema.count)
    for (slot, column) in wanted.sorted().enumerated() { slots[column] = slot }
    self.slots = slots
    wantsAll = layout.areObjects && wanted.count == scan.schema.count && !wanted.isEmpty
    let end = min(scan.bytes.upperBound, source.sizeBytes)
    var start = min(scan.bytes.lowerBound, source.sizeBytes)
    if layout.records == .lines { start = try Self.firstLine(source, from: start, end: end) }
    self.start = start
    let names =
      layout.areObjects
      ? JSONNames(scan.schema.names, slots: slots, isRaw: scan.schema.fields.indices.map { layout.form($0).kind == .json }) : nil
    window = JSONWindow(
      source: source, layout: layout, names: names, isRaw: !layout.areObjects && layout.form(0).kind == .json,
      slots: layout.areObjects ? wanted.count : 1, start: start, end: end)
    columns = JSONColumns(window)
  }

  /// Where the first line begins that begins in a part; the part's end if none does.
  private static func firstLine(_ source: ByteSource, from start: Int, end: Int) throws -> Int {
    // What begins the file, or stands behind its mark, begins a line.
    if start == 0 { return start }
    if start == 3, try source.bytes(at: 0, count: 3) == [0xEF, 0xBB, 0xBF] { return start }
    var position = start - 1
    while position < end {
      let bytes = try source.bytes(at: position, count: min(64 << 10, end - position))
      if bytes.isEmpty { break }
      if let feed = bytes.firstIndex(of: 0x0A) { return min(end, position + feed + 1) }
      position += bytes.count
    }
    return end
  }

  var end: Int? { window.actualEnd.map { max($0, start) } }

  var scanned: ScanProgress { ScanProgress(rows: rowsScanned, bytes: window.position - start) }

  func finish() -> ScanFindings { ScanFindings(scanned: scanned, range: range) }

  private var range: Range<Int> { start..<(end ?? start) }

  func next() throws -> Batch? {
    while true {
      if cursor == window.records {
        cursor = 0
        guard try window.advance() else { return nil }
        if wantsAll, window.unknown != nil { throw try mismatch() }
      }
      let count = min(batchRows, window.records - cursor)
      let batch = try take(count)
      cursor += count
      rowsScanned += count
      if let batch { return batch }
    }
  }

  /// Makes what is wanted of the next `count` records; nil if none of them are.
  private func take(_ count: Int) throws -> Batch? {
    try filtered.batch(of: count) { index, rows in try column(index, rows?.count ?? count, rows) }
  }

  /// One column of some of the next records.
  private func column(_ column: Int, _ count: Int, _ rows: RowIndexes?) throws -> Column {
    do {
      return try window.cells.withPointer { cells in
        let values = dsh_json_values(
          cells: cells, slot: Int64(layout.areObjects ? slots[column] : 0), rows: rows?.pointer, first_row: Int64(cursor),
          count: Int64(count))
        return try columns.column(values, scan.schema[column].type, layout.form(column), place: [column])
      }
    } catch let misfit as JSONMisfit {
      guard layout.fixedColumns.contains(column) else { throw try mismatch() }
      let record = cursor + (rows.map { Int($0.pointer[misfit.row]) } ?? misfit.row)
      let (text, offset) = value(column, record)
      throw JSONErrors.cellType(source, at: offset, field: scan.schema[column], text: text)
    } catch let fault as JSONFault {
      throw JSONErrors.invalid(source, at: fault.position, fault.problem)
    }
  }

  /// A value as it stands in the file, cut to what fits a message, and where it does.
  private func value(_ column: Int, _ record: Int) -> (text: String, offset: Int) {
    guard let member = JSONRecord(window.text(ofRecord: record)).member(layout.areObjects ? scan.schema[column].name : nil) else {
      return ("", window.offset(ofRecord: record))
    }
    return (streamExcerpt(window.text(ofRecord: record)[member]), window.offset(ofRecord: record) + member.lowerBound)
  }

  // MARK: Mismatches

  /// Goes through the rest of the split for its kinds of values alone.
  private func mismatch() throws -> SchemaMismatch {
    var shapes = scan.schema.fields.indices.map { JSONShape(scan.schema[$0].type, layout.form($0)) }
    let before = shapes.map { $0.settled(depth: 1) }
    var found: [Int: (text: String, offset: Int)] = [:]
    var names = scan.schema.names
    var places = Dictionary(names.enumerated().map { (ExactText($1), $0) }) { first, _ in first }
    let fixed = Set(layout.fixedColumns)
    repeat {
      for record in 0..<window.records {
        let text = window.text(ofRecord: record)
        let offset = window.offset(ofRecord: record)
        for member in layout.areObjects ? JSONRecord(text).members() : JSONRecord(text).value() {
          let column: Int
          if !layout.areObjects {
            column = 0
          } else if let known = places[ExactText(member.name)] {
            if known < slots.count, slots[known] < 0 { continue }
            column = known
          } else {
            guard wantsAll else { continue }
            guard names.count < JSONShape.memberLimit else { throw JSONErrors.columnLimit(source) }
            column = names.count
            places[ExactText(member.name)] = column
            names.append(member.name)
            shapes.append(JSONShape())
          }
          if fixed.contains(column) { continue }
          var cursor = JSONCursor(text, at: member.range.lowerBound)
          do throws(JSONFault) { try cursor.value(into: &shapes[column]) } catch {
            throw JSONErrors.invalid(source, at: offset + error.position, error.problem)
          }
          if found[column] == nil, column >= before.count || shapes[column].settled(depth: 1) != before[column] {
            found[column] = (streamExcerpt(text[member.range]), offset + member.range.lowerBound)
          }
        }
      }
      rowsScanned += window.records - cursor
      cursor = 0
    } while try window.advance()
    var wider = layout
    while wider.forms.count < shapes.count { wider.forms.append(JSONForm()) }
    let columns = found.keys.sorted().map { column in
      let (type, form) = shapes[column].settled(depth: 1)
      wider.forms[column] = form
      return SchemaMismatch.Column(
        index: column, name: names[column], type: type, text: found[column]?.text ?? "", byteOffset: found[column]?.offset ?? 0,
        reason: shapes[column].whyJSONText.map { "\($0): it is JSON text" })
    }
    return SchemaMismatch(scan, columns: columns, layout: wider.encoded(), range: range)
  }
}

/// A record that was checked, whose members are wanted one by one.
struct JSONRecord {
  private let bytes: UnsafeBufferPointer<UInt8>

  /// - Parameter bytes: the record, and what follows it.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The names of all members, and where their values stand.
  func members() -> [(name: String, range: Range<Int>)] {
    var cursor = JSONCursor(bytes)
    var ignored = JSONShape.ignored
    var members: [(name: String, range: Range<Int>)] = []
    cursor.skipBlanks()
    guard cursor.skip("{") else { return [] }
    cursor.skipBlanks()
    // It was checked, so that nothing is thrown.
    while cursor.isAt("\""), let name = try? cursor.name() {
      cursor.skipBlanks()
      _ = cursor.skip(":")
      cursor.skipBlanks()
      let start = cursor.position
      guard (try? cursor.value(into: &ignored)) != nil else { break }
      members.append((name, start..<cursor.position))
      cursor.skipBlanks()
      guard cursor.skip(",") else { break }
      cursor.skipBlanks()
    }
    return members
  }

  /// The record itself, as a member without a name.
  func value() -> [(name: String, range: Range<Int>)] {
    var cursor = JSONCursor(bytes)
    var ignored = JSONShape.ignored
    return (try? cursor.value(into: &ignored)) == nil ? [] : [("", 0..<cursor.position)]
  }

  /// Where the value of a member stands, or the whole record; nil if there is none.
  func member(_ name: String?) -> Range<Int>? {
    guard let name else { return value().first?.range }
    return members().first { $0.name.isExactly(name) }?.range
  }
}
