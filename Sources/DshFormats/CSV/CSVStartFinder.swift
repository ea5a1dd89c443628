// Guesses where the first record of a part starts without reading what is before it.
import CDshKernels

/// Finds a place from which on the text looks like records of the file.
enum CSVStartFinder {
  /// What is looked at first: several times the longest usual record.
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
    var count = probeBytes
    while true {
      var probe = try source.bytes(at: start - 1, count: count)
      let length = probe.count
      probe.append(contentsOf: repeatElement(0, count: Int(DSH_CSV_PADDING)))
      let readings = probe.withUnsafeBufferPointer {
        CSVQuoteEvidence.readings(UnsafeBufferPointer(rebasing: $0[..<length]), dialect: dialect, lineStartLimit: candidateLimit)
      }
      for candidates in readings.map(\.lineStarts) + [lineStarts(probe, length, dialect)] {
        if let found = convincing(candidates, probe, length, dialect, columns) { return start - 1 + found }
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

  private static func convincing(_ candidates: [Int], _ probe: [UInt8], _ length: Int, _ dialect: CSVDialect, _ columns: Int) -> Int? {
    if columns == 1 { return candidates.first }
    return candidates.first { isConvincing(probe, from: $0, length: length, dialect, columns) }
  }

  /// The first line starts, whether inside quotes or not.
  private static func lineStarts(_ probe: [UInt8], _ length: Int, _ dialect: CSVDialect) -> [Int] {
    var starts: [Int] = []
    for index in 0..<length where probe[index] == dialect.newline {
      starts.append(index + 1)
      if starts.count == candidateLimit { break }
    }
    return starts
  }

  private static func isConvincing(
    _ probe: [UInt8], from candidate: Int, length: Int, _ dialect: CSVDialect, _ columns: Int
  ) -> Bool {
    // A longer look than some records need costs more than it tells.
    var look = min(length - candidate, 4 << 10)
    while true {
      let seen = recordsSeen(probe, from: candidate, count: look, dialect, columns)
      guard let seen else { return false }
      if seen >= convincingRecords || look == length - candidate { return true }
      look = min(length - candidate, look * 4)
    }
  }

  /// How many whole records with the right number of cells follow, or nil if one has another.
  private static func recordsSeen(_ probe: [UInt8], from candidate: Int, count: Int, _ dialect: CSVDialect, _ columns: Int) -> Int? {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count + 66) { entries -> Int? in
      probe.withUnsafeBufferPointer { bytes -> Int? in
        guard let text = bytes.baseAddress.map({ $0 + candidate }), let entries = entries.baseAddress else { return 0 }
        var structure = dsh_csv_structure()
        var characters = dialect.characters
        dsh_csv_find_structure(text, Int64(count), &characters, entries, &structure)
        var cells = 0
        var records = 0
        var start = 0
        for index in 0..<Int(structure.entry_count) {
          let position = Int(entries[index])
          cells += 1
          guard text[position] == dialect.newline else { continue }
          let isBlank = cells == 1 && (position == start || (position == start + 1 && text[start] == UInt8(ascii: "\r")))
          if cells != columns && !isBlank { return nil }
          if !isBlank { records += 1 }
          if records == convincingRecords { return records }
          cells = 0
          start = position + 1
        }
        return cells > columns ? nil : records
      }
    }
  }

  /// The first line start behind a position.
  static func nextLine(_ source: ByteSource, _ dialect: CSVDialect, from position: Int) throws -> Int {
    var position = position
    while position < source.sizeBytes {
      let bytes = try source.bytes(at: position, count: 1 << 20)
      if bytes.isEmpty { break }
      if let index = bytes.firstIndex(of: dialect.newline) { return position + index + 1 }
      position += bytes.count
    }
    return source.sizeBytes
  }
}
