// What the quotes of a stretch of text say about whether it begins inside a quoted cell.

/// A stretch of text read as if it began inside quotes, or outside.
///
/// Where quotes are used as CSV says, one opens right behind a separator or line end and closes right before one. Read from the wrong side every
/// opening quote looks like a closing one, so that soon one stands in the wrong place.
struct CSVQuoteEvidence {
  /// Quotes that stand where a quote of their kind belongs.
  private(set) var supporting = 0
  /// Quotes that don't.
  private(set) var contradicting = 0
  /// The places behind the first line ends outside quotes.
  private(set) var lineStarts: [Int] = []

  var hasQuotes: Bool { supporting + contradicting > 0 }

  /// - Parameter lineStartLimit: no more line starts are noted.
  init(_ text: UnsafeBufferPointer<UInt8>, startsInQuotes: Bool, dialect: CSVDialect, lineStartLimit: Int) {
    let quote = dialect.quote ?? 0
    let escape = dialect.escape ?? 0
    var isQuoted = startsInQuotes
    // What is before the text is not known: a quote that is its first byte says nothing.
    var isCellStart = false
    var isLineStart = false
    let (delimiter, comment) = (dialect.delimiter.last, dialect.comment)
    // Most bytes are none of these and say nothing.
    var says = [Bool](repeating: false, count: 256)
    for byte in [delimiter, quote, escape, comment ?? 0, CSVDialect.newline, UInt8(ascii: "\r"), UInt8(ascii: " ")] {
      says[Int(byte)] = true
    }
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      if !says[Int(byte)] {
        (isCellStart, isLineStart) = (false, false)
        continue
      }
      if isLineStart, byte == comment {
        // Quotes in a comment say nothing.
        while index < text.count, !Self.endsLine(text, index, dialect) { index += 1 }
        isLineStart = false
        continue
      }
      isLineStart = false
      if escape != 0, byte == escape, escape != quote {
        index += 1
        isCellStart = false
      } else if quote != 0, byte == quote {
        if !isQuoted {
          isQuoted = isCellStart || index == 1
          if isCellStart { supporting += 1 } else if index > 1 { contradicting += 1 }
        } else if index < text.count, text[index] == quote {
          index += 1
        } else {
          isQuoted = false
          if index < text.count { Self.endsCell(text[index], dialect) ? (supporting += 1) : (contradicting += 1) }
        }
        isCellStart = false
      } else if !isQuoted {
        isLineStart = Self.endsLine(text, index - 1, dialect)
        if isLineStart, lineStarts.count < lineStartLimit { lineStarts.append(index) }
        isCellStart = byte == delimiter || isLineStart || (isCellStart && byte == UInt8(ascii: " "))
      }
    }
  }

  private static func endsCell(_ byte: UInt8, _ dialect: CSVDialect) -> Bool {
    byte == dialect.delimiter.first || byte == CSVDialect.newline || byte == UInt8(ascii: "\r")
  }

  /// Whether the byte at a place ends a line; of a carriage return that is the text's last byte nothing is known.
  static func endsLine(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ dialect: CSVDialect) -> Bool {
    if text[index] == CSVDialect.newline { return true }
    return dialect.endsAtReturns && text[index] == UInt8(ascii: "\r") && index + 1 < text.count && text[index + 1] != CSVDialect.newline
  }

  /// The ways to read a text, the better one first: outside quotes where nothing speaks for the other, and alone where there are no quotes.
  static func readings(_ text: UnsafeBufferPointer<UInt8>, dialect: CSVDialect, lineStartLimit: Int) -> [CSVQuoteEvidence] {
    let outside = CSVQuoteEvidence(text, startsInQuotes: false, dialect: dialect, lineStartLimit: lineStartLimit)
    guard dialect.quote != nil, outside.hasQuotes else { return [outside] }
    let inside = CSVQuoteEvidence(text, startsInQuotes: true, dialect: dialect, lineStartLimit: lineStartLimit)
    let isBetter = (inside.contradicting, -inside.supporting) < (outside.contradicting, -outside.supporting)
    return isBetter ? [inside, outside] : [outside, inside]
  }
}
