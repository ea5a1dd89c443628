// Guesses where the first record of a part starts without reading what is before it.
import CDshKernels

/// Finds a place from which on the text looks like records of the file.
enum CSVStartFinder {
  /// What is looked at first, and mostly enough to see some records.
  static let shortProbeBytes = 4 << 10
  /// What is looked at then: several times the longest usual record.
  static let probeBytes = 16 << 10
  /// What is looked at if no record ends in less.
  static let longestProbeBytes = 1 << 20
  /// Records that must have the right number of cells before a place is believed.
  private static let convincingRecords = 8
  /// Line ends that are tried before the first is taken as it is: more lie inside one quoted cell only in strange files.
  private static let candidateLimit = 200

  /// The first place at or behind `start` where a record seems to begin.
  ///
  /// Quotes tell whether the text begins inside a quoted cell; the first line start outside of quotes from which on records have `columns` cells
  /// is taken. Where quotes mislead, any line end will do that such records follow. The guess can be wrong all the same; whoever asked compares
  /// it with where the part before ended.
  static func find(_ source: ByteSource, dialect: CSVDialect, columns: Int, start: Int) throws -> Int {
    if start <= 0 { return 0 }
    var count = shortProbeBytes
    while true {
      var probe = try source.bytes(at: start - 1, count: count)
      let length = probe.count
      probe.append(contentsOf: repeatElement(0, count: Int(DSH_CSV_PADDING)))
      let readings = probe.withUnsafeBufferPointer {
        CSVQuoteEvidence.readings(UnsafeBufferPointer(rebasing: $0[..<length]), dialect: dialect, lineStartLimit: candidateLimit)
      }
      // A short probe is for the usual case: quotes that do not mislead, and records enough.
      let isShort = count < probeBytes && length == count
      for reading in 0...(isShort ? 0 : readings.count) {
        let candidates = reading < readings.count ? readings[reading].lineStarts : lineStarts(probe, length, dialect)
        if let found = convincing(candidates, probe, length, dialect, columns, isShort: isShort) { return start - 1 + found }
      }
      if isShort {
        count = probeBytes
        continue
      }
      let isWhole = length < count
      // Lines that are no records, and no quote to tell why: the quotes may be further on.
      if isWhole || count >= longestProbeBytes || readings[0].hasQuotes, let first = readings[0].lineStarts.first {
        return start - 1 + first
      }
      if isWhole { return source.sizeBytes }
      if count >= longestProbeBytes { return try nextLine(source, dialect, from: start - 1) }
      count *= 8
    }
  }

  /// The first candidate from which on records follow; from a short probe only if they are many enough.
  private static func convincing(
    _ candidates: [Int], _ probe: [UInt8], _ length: Int, _ dialect: CSVDialect, _ columns: Int, isShort: Bool
  ) -> Int? {
    if columns == 1 { return isShort ? nil : candidates.first }
    return candidates.first { isConvincing(probe, from: $0, length: length, dialect, columns, isShort: isShort) }
  }

  /// The first line starts, whether inside quotes or not.
  private static func lineStarts(_ probe: [UInt8], _ length: Int, _ dialect: CSVDialect) -> [Int] {
    var starts: [Int] = []
    probe.withUnsafeBufferPointer { probe in
      let text = UnsafeBufferPointer(rebasing: probe[..<length])
      for index in text.indices where CSVQuoteEvidence.endsLine(text, index, dialect) {
        starts.append(index + 1)
        if starts.count == candidateLimit { break }
      }
    }
    return starts
  }

  private static func isConvincing(
    _ probe: [UInt8], from candidate: Int, length: Int, _ dialect: CSVDialect, _ columns: Int, isShort: Bool
  ) -> Bool {
    // A longer look than some records need costs more than it tells.
    var look = min(length - candidate, 4 << 10)
    while true {
      let lines = linesSeen(probe, from: candidate, count: look, dialect, columns)
      if dialect.ragged == .error, lines.misfits > 0 { return false }
      if lines.records + lines.misfits >= convincingRecords { return lines.records >= lines.misfits }
      if look == length - candidate { return !isShort && lines.records >= lines.misfits }
      look = min(length - candidate, look * 4)
    }
  }

  /// The whole records that follow, `convincingRecords` at most: those with the right number of cells, and those with another.
  private static func linesSeen(
    _ probe: [UInt8], from candidate: Int, count: Int, _ dialect: CSVDialect, _ columns: Int
  ) -> (records: Int, misfits: Int) {
    var text = Array(probe[candidate..<(candidate + count)])
    text.append(contentsOf: repeatElement(0, count: Int(DSH_CSV_PADDING)))
    return text.withUnsafeMutableBufferPointer { buffer in
      guard let text = buffer.baseAddress else { return (0, 0) }
      dialect.prepare(text, count: count, isEnd: false)
      return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count + 66) { entries in
        guard let entries = entries.baseAddress else { return (0, 0) }
        var structure = dsh_csv_structure()
        var characters = dialect.characters
        dsh_csv_find_structure(text, Int64(count), &characters, entries, &structure)
        let found = UnsafeBufferPointer(start: entries, count: Int(structure.entry_count))
        return linesSeen(UnsafeBufferPointer(start: text, count: count), found, dialect, columns)
      }
    }
  }

  private static func linesSeen(
    _ text: UnsafeBufferPointer<UInt8>, _ entries: UnsafeBufferPointer<UInt32>, _ dialect: CSVDialect, _ columns: Int
  ) -> (records: Int, misfits: Int) {
    var (records, misfits, cells, start) = (0, 0, 0, 0)
    for entry in entries {
      let position = Int(entry)
      cells += 1
      guard text[position] == CSVDialect.newline else { continue }
      let hasReturn = position > start && text[position - 1] == UInt8(ascii: "\r")
      let line = UnsafeBufferPointer(rebasing: text[start..<(hasReturn ? position - 1 : position)])
      let isRecord = !line.isEmpty && line.first != dialect.comment && !line.elementsEqual(dialect.repeatedHeader)
      if isRecord { if cells == columns { records += 1 } else { misfits += 1 } }
      if records + misfits == convincingRecords { return (records, misfits) }
      cells = 0
      start = position + 1
    }
    // A record that has too many cells before it ends.
    return (records, cells > columns ? misfits + 1 : misfits)
  }

  /// The first line start behind a position.
  static func nextLine(_ source: ByteSource, _ dialect: CSVDialect, from position: Int) throws -> Int {
    var position = position
    while position < source.sizeBytes {
      let bytes = try source.bytes(at: position, count: 1 << 20)
      let end = bytes.withUnsafeBufferPointer { text in text.indices.first { CSVQuoteEvidence.endsLine(text, $0, dialect) } }
      if let end { return position + end + 1 }
      // A carriage return that is the last byte is looked at again with what follows.
      position += bytes.count > 1 && bytes.last == UInt8(ascii: "\r") ? bytes.count - 1 : bytes.count
    }
    return source.sizeBytes
  }
}
