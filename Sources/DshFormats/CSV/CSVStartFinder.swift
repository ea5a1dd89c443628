// Guesses where the first record of a part starts without reading what is before it.
import CDshKernels

/// Finds a place from which on the text looks like records of the file.
enum CSVStartFinder {
  /// What is looked at at most: several times the longest usual record.
  static let probeBytes = 16 << 10
  /// Records that must have the right number of cells before a place is believed.
  private static let convincingRecords = 8
  /// Line ends that are tried before the first is taken as it is: more lie inside one quoted cell only in strange files.
  private static let candidateLimit = 200

  /// The first line start at or behind `start` from which on records have `columns` cells, else the first line start.
  ///
  /// A line end inside a quoted cell is no record's end, but from one cell of text no record of several cells follows. The
  /// guess can be wrong all the same; whoever asked compares it with where the part before ended.
  static func find(_ source: ByteSource, dialect: CSVDialect, columns: Int, start: Int) throws -> Int {
    if start <= 0 { return 0 }
    var probe = try source.bytes(at: start - 1, count: probeBytes)
    let length = probe.count
    probe.append(contentsOf: repeatElement(0, count: Int(DSH_CSV_PADDING)))
    var first: Int?
    var tried = 0
    for index in 0..<length where probe[index] == dialect.newline {
      let candidate = index + 1
      if first == nil { first = start - 1 + candidate }
      if columns == 1 || isConvincing(probe, from: candidate, length: length, dialect, columns) {
        return start - 1 + candidate
      }
      tried += 1
      if tried == candidateLimit { break }
    }
    if let first { return first }
    return try nextLine(source, dialect, from: start - 1 + length)
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
