// How well a way of writing CSV explains a sample: the evidence for separators, quotes and escapes.
import CDshKernels

/// What a sample looks like if it is read in one way.
struct CSVShape {
  /// The number of cells that most records have.
  var columns = 0
  var records = 0
  /// The share of records with that many cells.
  var consistency = 0.0
  /// Cells that are quoted from end to end, and cells that only start with a quote.
  var quotedCells = 0
  var malformedCells = 0
  /// The cells of each record.
  var cellCounts: [Int] = []

  /// A measure to compare ways by: one column explains nothing.
  var score: Double { columns < 2 ? 0 : consistency - Double(malformedCells) / Double(max(1, records)) }

  /// What is tried where nothing is given, the likelier first.
  static let delimiters = [",", "\t", ";", "|", "^", "~", "\u{1F}", "\u{1}"].compactMap { $0.utf8.first }

  /// Reads whole records of a sample; the last counts only if the sample `isComplete`.
  init(_ sample: ArraySlice<UInt8>, _ dialect: CSVDialect, isComplete: Bool) {
    var text = Array(sample)
    let length = text.count
    text.append(contentsOf: repeatElement(0, count: Int(DSH_CSV_PADDING)))
    var entries = [UInt32](repeating: 0, count: length + 66)
    var structure = dsh_csv_structure()
    var characters = dialect.characters
    dsh_csv_find_structure(text, Int64(length), &characters, &entries, &structure)
    var ends = entries[0..<Int(structure.entry_count)].map(Int.init)
    if isComplete, length > 0, ends.last != length - 1 || text[length - 1] != dialect.newline {
      ends.append(length)
      text[length] = dialect.newline
    }
    count(text, ends, dialect)
  }

  private mutating func count(_ text: [UInt8], _ ends: [Int], _ dialect: CSVDialect) {
    var frequencies: [Int: Int] = [:]
    var cells = 0
    var cellStart = 0
    for end in ends {
      cells += 1
      let isRecordEnd = text[end] == dialect.newline
      let hasReturn = isRecordEnd && end > cellStart && text[end - 1] == UInt8(ascii: "\r")
      let cell = text[cellStart..<(hasReturn ? end - 1 : end)]
      if let quote = dialect.quote, cell.first == quote {
        if cell.count > 1 && cell.last == quote { quotedCells += 1 } else { malformedCells += 1 }
      }
      cellStart = end + 1
      guard isRecordEnd else { continue }
      let isBlank = cells == 1 && cell.isEmpty
      if !isBlank {
        cellCounts.append(cells)
        frequencies[cells, default: 0] += 1
      }
      cells = 0
    }
    records = cellCounts.count
    // The most frequent count, of equals the largest.
    let best = frequencies.max { ($0.value, $0.key) < ($1.value, $1.key) }
    columns = best?.key ?? 0
    consistency = Double(best?.value ?? 0) / Double(max(1, records))
  }

  /// What backslashes in a sample are for.
  struct Backslashes {
    /// Before a quote that does not end its cell, or before an apostrophe.
    var escaping = 0
    /// Before anything that nobody escapes.
    var literal = 0

    init(_ sample: ArraySlice<UInt8>, _ dialect: CSVDialect) {
      let quote = dialect.quote ?? UInt8(ascii: "\"")
      let backslash = UInt8(ascii: "\\")
      var index = sample.startIndex
      while let place = sample[index...].firstIndex(of: backslash), place + 2 < sample.endIndex {
        let next = sample[place + 1]
        let behind = sample[place + 2]
        index = place + 2
        switch next {
        case quote:
          let ends = behind == dialect.delimiter || behind == dialect.newline || behind == UInt8(ascii: "\r") || behind == quote
          if !ends { escaping += 1 }
        case UInt8(ascii: "'"): escaping += 1
        case backslash, UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "0"), dialect.delimiter,
          dialect.newline, UInt8(ascii: "\r"):
          break
        default: literal += 1
        }
      }
    }
  }
}
