// How well a way of writing CSV explains a sample: the evidence for separators, quotes and escapes.
import CDshKernels

/// What a sample looks like if it is read in one way.
struct CSVShape {
  /// The number of cells that most records have.
  var columns = 0
  var records = 0
  /// The share of records with that many cells.
  var consistency = 0.0
  /// Cells that are quoted from end to end, those among them that would be several cells without their quotes, and cells that only start
  /// with a quote.
  var quotedCells = 0
  var protectedCells = 0
  var malformedCells = 0
  /// Cells that start with blanks and a quote.
  var blankQuotedCells = 0
  /// Of malformed ones, those in which another quote stands before text.
  var strayCells = 0
  /// Cells that hold digits and no letters.
  var numberCells = 0
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
    text.withUnsafeMutableBufferPointer { $0.baseAddress.map { dialect.prepare($0, count: length, isEnd: isComplete) } }
    var entries = [UInt32](repeating: 0, count: length + 66)
    var structure = dsh_csv_structure()
    var characters = dialect.characters
    dsh_csv_find_structure(text, Int64(length), &characters, &entries, &structure)
    var ends = entries[0..<Int(structure.entry_count)].map(Int.init)
    if isComplete, length > 0, ends.last != length - 1 || text[length - 1] != CSVDialect.newline {
      ends.append(length)
      text[length] = CSVDialect.newline
    }
    count(text, ends, dialect)
  }

  private mutating func count(_ text: [UInt8], _ ends: [Int], _ dialect: CSVDialect) {
    var frequencies: [Int: Int] = [:]
    var cells = 0
    var cellStart = 0
    var recordStart = 0
    for end in ends {
      cells += 1
      let isRecordEnd = text[end] == CSVDialect.newline
      let hasReturn = isRecordEnd && end > cellStart && text[end - 1] == UInt8(ascii: "\r")
      let cell = text[cellStart..<(isRecordEnd ? hasReturn ? end - 1 : end : end - dialect.delimiter.bytes.count + 1)]
      note(cell, dialect)
      cellStart = end + 1
      guard isRecordEnd else { continue }
      let isBlank = cells == 1 && cell.isEmpty
      let isComment = dialect.comment != nil && text[recordStart] == dialect.comment
      recordStart = end + 1
      if !isBlank && !isComment {
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

  /// Counts what a cell tells about quotes.
  private mutating func note(_ cell: ArraySlice<UInt8>, _ dialect: CSVDialect) {
    let isDigit = { (byte: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    if cell.contains(where: isDigit), cell.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }) {
      numberCells += 1
    }
    guard let quote = dialect.quote else { return }
    if cell.first == UInt8(ascii: " "), cell.first(where: { $0 != UInt8(ascii: " ") }) == quote { blankQuotedCells += 1 }
    let cell = dialect.skipsBlanks ? cell.drop { $0 == UInt8(ascii: " ") } : cell
    guard cell.first == quote else { return }
    let text = cell.dropFirst()
    var isProtected = false
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      if byte == dialect.escape {
        isProtected = true
        index += 1
      } else if byte == quote {
        // The closing one, with blanks behind at most, or half of a doubled one.
        guard index + 1 < text.endIndex, text[index + 1] == quote else {
          guard text[(index + 1)...].allSatisfy({ $0 == UInt8(ascii: " ") }) else {
            strayCells += 1
            break
          }
          quotedCells += 1
          if isProtected { protectedCells += 1 }
          return
        }
        if quote == UInt8(ascii: "\"") { isProtected = true }
        index += 1
      } else if byte == dialect.delimiter.first || byte == CSVDialect.newline {
        isProtected = true
      }
      index += 1
    }
    malformedCells += 1
  }

  /// What backslashes in a sample are for.
  struct Backslashes {
    /// Before a quote that does not end its cell: without an escape such a cell is not well formed.
    var escaping = 0
    /// Before a separator: perhaps part of the text, perhaps no end of the cell.
    var separating = 0
    /// Before an apostrophe in a quoted cell, as database dumps have it.
    var apostrophes = 0
    /// Before letters that stand for control characters, or for the beginning of a name: `C:\new`.
    var letters = 0
    /// Before anything that nobody escapes.
    var literal = 0

    /// Whether apostrophes are escaped and no backslash is for anything else.
    var areForApostrophes: Bool { apostrophes > 0 && literal == 0 && letters == 0 && separating == 0 }

    init(_ sample: ArraySlice<UInt8>, _ dialect: CSVDialect) {
      let quote = dialect.quote ?? UInt8(ascii: "\"")
      let backslash = UInt8(ascii: "\\")
      var index = sample.startIndex
      var isQuoted = false
      while let place = sample[index...].firstIndex(of: backslash), place + 2 < sample.endIndex {
        let next = sample[place + 1]
        let behind = sample[place + 2]
        for byte in sample[index..<place] where byte == quote { isQuoted.toggle() }
        index = place + 2
        switch next {
        case quote:
          let ends = behind == dialect.delimiter.first || behind == CSVDialect.newline || behind == UInt8(ascii: "\r") || behind == quote
          if ends { isQuoted = false } else { escaping += 1 }
        case dialect.delimiter.first: separating += 1
        case UInt8(ascii: "'"): if isQuoted { apostrophes += 1 } else { letters += 1 }
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "0"): letters += 1
        case backslash, UInt8(ascii: "N"), CSVDialect.newline, UInt8(ascii: "\r"): break
        default: literal += 1
        }
      }
    }
  }
}
