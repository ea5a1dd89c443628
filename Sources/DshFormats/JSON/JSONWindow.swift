// The piece of a file of JSON that is in memory: whole records, and where the values of their wanted members stand.
import CDshKernels
import DshColumns
import DshDiagnostics

/// A sliding window over a part of a file; one thread moves it.
///
/// After each `advance` it holds `records` whole records, each a row of `cells`.
final class JSONWindow {
  /// Half of a usual second-level cache.
  static let usualBytes = CSVWindow.usualBytes
  /// The longest record: beyond it something unclosed is likelier than a value.
  static let recordLimitBytes = CSVWindow.recordLimitBytes
  /// The most rows at once, and the most cells, unless a row has more.
  static let rowLimit = 4096
  static let cellLimit = 1 << 20

  private let source: ByteSource
  private let layout: JSONLayout
  /// Records that start at or behind it belong to somebody else.
  private let end: Int
  /// The members that records may have; nil where each record is a value of its own.
  private let names: JSONNames?
  /// Whether records that are values keep the quotes of strings.
  private let isRaw: Bool

  /// Behind the text, and as much padding, there is as much room again for texts without their escapes.
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var filled = 0
  /// The bytes behind the text that hold texts without escapes.
  private var unescapedBytes: Int64 = 0
  /// Where in the file `bytes` starts.
  private(set) var fileOffset: Int
  private var entries: UnsafeMutablePointer<UInt32>
  private var structure = dsh_json_structure()
  private var walk = dsh_json_walk()
  private let starts: UnsafeMutablePointer<UInt32>
  private let capacityRows: Int

  let cells: JSONCells
  private(set) var records = 0
  /// Where the first record behind the part starts, once known.
  private(set) var actualEnd: Int?
  /// Whether what is in the window has been walked over.
  private var isWalked = true

  init(
    source: ByteSource, layout: JSONLayout, names: JSONNames?, isRaw: Bool, slots: Int, start: Int, end: Int,
    windowBytes: Int = JSONWindow.usualBytes
  ) {
    self.source = source
    self.layout = layout
    self.names = names
    self.isRaw = isRaw
    self.end = min(end, source.sizeBytes)
    fileOffset = start
    capacity = min(windowBytes, max(0, self.end - start) + CSVWindow.finishBytes)
    bytes = Self.room(capacity)
    entries = .allocate(capacity: capacity + Self.extraEntries)
    capacityRows = max(1, min(Self.rowLimit, Self.cellLimit / max(1, slots)))
    starts = .allocate(capacity: capacityRows)
    cells = JSONCells(slots: slots)
    cells.reserve(capacityRows)
    walk.is_first = 1
  }

  private static let extraEntries = 64 + Int(DSH_JSON_SENTINELS)
  private static let padding = Int(DSH_JSON_PADDING)

  private static func room(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * (capacity + padding))
    // The padding is read, though never used.
    bytes.initialize(repeating: 0, count: 2 * (capacity + padding))
    return bytes
  }

  deinit {
    bytes.deallocate()
    entries.deallocate()
    starts.deallocate()
  }

  /// The file offset behind the records seen so far.
  var position: Int { fileOffset + Int(walk.end) }

  func offset(ofRecord record: Int) -> Int { fileOffset + Int(starts[record]) }

  /// The record that starts at a place in the file, as its bytes and all that follows in the window.
  func text(ofRecord record: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + Int(starts[record]), count: filled - Int(starts[record]))
  }

  /// Where a name stands that no object was known to have, and in which record; nil if there is none.
  var unknown: (offset: Int, record: Int)? { walk.unknown < 0 ? nil : (fileOffset + Int(walk.unknown), Int(walk.unknown_row)) }

  func withText<T>(_ body: (UnsafePointer<dsh_json_text>) throws -> T) rethrows -> T {
    var text = dsh_json_text()
    text.bytes = UnsafePointer(bytes)
    text.entries = UnsafePointer(entries)
    text.entry_count = structure.entry_count
    text.has_escapes = structure.has_escapes
    text.is_inside = structure.is_inside
    text.is_end = fileOffset + filled >= source.sizeBytes ? 1 : 0
    return try withUnsafePointer(to: text, body)
  }

  /// Gives the strings of values the texts that their escapes mean.
  func unescape(_ values: inout dsh_json_values) {
    let base = capacity + Self.padding
    withText { dsh_json_unescape($0, &values, bytes + base, Int64(base), &unescapedBytes) }
  }

  /// Moves on to the next records; false if the part has no more.
  func advance() throws -> Bool {
    records = 0
    while actualEnd == nil {
      if !isWalked, try step() { return true }
      if actualEnd == nil { try slide() }
    }
    return false
  }

  /// Finds the next records in what is in the window; false if there is none that is whole.
  private func step() throws -> Bool {
    let start = walk.end
    let limit = layout.records == .lines ? Int64(end - fileOffset) : .max
    withText { text in
      cells.withPointer { cells in
        let mode = Int32(layout.records.rawValue)
        if let names {
          names.withPointer { dsh_json_find_records(text, mode, limit, $0, 0, cells, starts, Int64(capacityRows), &walk) }
        } else {
          dsh_json_find_records(text, mode, limit, nil, isRaw ? 1 : 0, cells, starts, Int64(capacityRows), &walk)
        }
      }
    }
    records = Int(walk.records)
    isWalked = records < capacityRows || walk.is_done != 0
    try checkText(from: start)
    if layout.records == .lines, position >= end { actualEnd = position }
    if walk.is_done != 0 {
      actualEnd = position
      try checkDocumentEnd()
    }
    return records > 0
  }

  /// Throws what is wrong in the records that were found, or at the one behind them.
  private func checkText(from start: Int64) throws {
    let examined = walk.wrong >= 0 ? max(walk.wrong, walk.end) : walk.end
    if structure.high_bits != 0, examined > start {
      let invalid = dsh_utf8_first_invalid(bytes + Int(start), examined - start)
      // What is wrong may stand in the middle of a character.
      if invalid >= 0, start + invalid < walk.end || start + invalid + 4 <= examined {
        throw JSONErrors.notUTF8(source, at: fileOffset + Int(start + invalid))
      }
    }
    // Behind the records that are ours others report what is wrong.
    let ownsRest = isWalked && walk.is_done == 0 && (layout.records != .lines || position < end)
    let isWrongString = structure.first_wrong >= start && (structure.first_wrong < walk.end || ownsRest)
    if walk.wrong >= 0 || isWrongString { throw fault(from: Int(start)) }
  }

  /// What a strict reading says of the records from a place in the window on.
  private func fault(from start: Int) -> any Error {
    let text = UnsafeBufferPointer(start: bytes, count: filled)
    var cursor = JSONCursor(text, at: start)
    var shape = JSONShape()
    do throws(JSONFault) {
      if layout.records == .lines { return try faultInLines(from: start) }
      while !cursor.isAtEnd {
        cursor.skipBlanks()
        if layout.records == .elements, walk.is_first != 0, cursor.isAt("]") { break }
        let place = cursor.position
        try cursor.value(into: &shape)
        if names != nil, !shape.kinds.isSubset(of: .object) { return JSONErrors.notAnObject(source, at: fileOffset + place) }
        cursor.skipBlanks()
        if layout.records == .elements, !cursor.skip(",") {
          if cursor.isAt("]") { break }
          throw cursor.missing("a comma or ]")
        }
      }
      // The strict reading has objects within records examined as well; what is left is beyond it.
      return JSONErrors.invalid(source, at: fileOffset + Int(max(walk.wrong, 0)), "something stands here that should not")
    } catch { return JSONErrors.invalid(source, at: fileOffset + error.position, error.problem) }
  }

  private func faultInLines(from start: Int) throws(JSONFault) -> any Error {
    var start = start
    while start < filled {
      let lineEnd = UnsafeBufferPointer(start: bytes, count: filled)[start...].firstIndex(of: 0x0A) ?? filled
      let line = UnsafeBufferPointer(start: bytes + start, count: lineEnd - start)
      var cursor = JSONCursor(line)
      cursor.skipBlanks()
      if !cursor.isAtEnd {
        let place = start + cursor.position
        var shape = JSONShape()
        do throws(JSONFault) {
          try cursor.value(into: &shape)
          cursor.skipBlanks()
          guard cursor.isAtEnd else { throw cursor.missing("the end of the line") }
        } catch { throw JSONFault(position: start + error.position, problem: error.problem, isCut: false) }
        if names != nil, !shape.kinds.isSubset(of: .object) { return JSONErrors.notAnObject(source, at: fileOffset + place) }
      }
      start = lineEnd + 1
    }
    return JSONErrors.invalid(source, at: fileOffset + Int(max(walk.wrong, 0)), "something stands here that should not")
  }

  /// Moves what was not walked over to the front, and fills up behind it.
  private func slide() throws {
    let consumed = Int(walk.end)
    filled -= consumed
    if consumed > 0, filled > 0 { bytes.update(from: bytes + consumed, count: filled) }
    fileOffset += consumed
    walk.end = 0
    walk.entry = 0
    unescapedBytes = 0
    let isWhole = isScanned && fileOffset + filled >= source.sizeBytes
    if isWhole || layout.records == .lines && fileOffset >= end {
      // Nothing is left but blanks: anything else would have been a record, or wrong.
      actualEnd = isWhole ? source.sizeBytes : fileOffset
      return
    }
    if consumed == 0, filled == capacity { try grow() }
    try fill()
    // What names the end of the text finds neither structure nor a digit there.
    bytes[filled] = 0
    dsh_json_find_structure(bytes, Int64(filled), layout.records == .lines ? 1 : 0, entries, &structure)
    isScanned = true
    isWalked = false
  }

  private var isScanned = false

  private func fill() throws {
    let position = fileOffset + filled
    // Behind the part's end twice as much each time, so that a long last record is not scanned over and over.
    let behind = layout.records == .lines ? max(CSVWindow.finishBytes, position > end ? filled : 0) : 0
    let wanted = min(capacity - filled, max(0, end - position) + behind, source.sizeBytes - position)
    guard wanted > 0 else { return }
    let got = try source.read(into: bytes + filled, at: position, count: wanted)
    if got < wanted { throw JSONErrors.shrunk(source, at: position + got) }
    filled += got
  }

  private func grow() throws {
    guard capacity < Self.recordLimitBytes else {
      throw JSONErrors.recordTooLong(source, at: fileOffset, isLine: layout.records == .lines)
    }
    let larger = capacity * 2
    let fresh = Self.room(larger)
    fresh.update(from: bytes, count: filled)
    bytes.deallocate()
    bytes = fresh
    capacity = larger
    entries.deallocate()
    entries = .allocate(capacity: capacity + Self.extraEntries)
  }

  /// Checks that behind the array of records the document ends as it should.
  private func checkDocumentEnd() throws {
    let start = position
    let count = source.sizeBytes - start
    guard count <= Self.recordLimitBytes else { throw JSONErrors.recordTooLong(source, at: start, isLine: false) }
    let rest = try source.bytes(at: start, count: count)
    let invalid = Int(dsh_utf8_first_invalid(rest, Int64(rest.count)))
    if invalid >= 0 { throw JSONErrors.notUTF8(source, at: start + invalid) }
    try rest.withUnsafeBufferPointer { bytes in
      var cursor = JSONCursor(bytes)
      do throws(JSONFault) { try cursor.endOfDocument(enclosingObjects: layout.enclosingObjects) } catch {
        throw JSONErrors.invalid(source, at: start + error.position, error.problem)
      }
    }
  }
}

extension JSONCursor {
  /// Moves over what is left of objects of whose members a value was read, and over blanks to the end.
  fileprivate mutating func endOfDocument(enclosingObjects: Int) throws(JSONFault) {
    var ignored = JSONShape.ignored
    for _ in 0..<enclosingObjects {
      skipBlanks()
      while !skip("}") {
        guard skip(",") else { throw missing("a comma or }") }
        skipBlanks()
        guard isAt("\"") else { throw missing("a name in quotes") }
        _ = try string()
        skipBlanks()
        guard skip(":") else { throw missing("a colon") }
        try value(into: &ignored)
        skipBlanks()
      }
    }
    skipBlanks()
    guard isAtEnd else { throw missing("the end of the document") }
  }
}
