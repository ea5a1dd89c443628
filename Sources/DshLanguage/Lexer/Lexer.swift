// Cuts source bytes into tokens on demand; it never fails, what can't be read is a token of its own kind.

/// A position in source bytes and the way to the next token.
///
/// A value: copying it is a bookmark, so looking ahead is lexing with a copy. Paths, option values and the words of
/// commands follow rules of their own and are scanned from the bytes by the parser.
struct Lexer {
  let bytes: [UInt8]
  var position = 0
  /// Inside brackets a newline is a blank.
  var skipsNewlines = false
  /// Whether the last blanks ended at the end of the text inside a comment.
  private(set) var endsInComment = false
  /// The offset of a backslash that continues the line into the end of the text.
  private(set) var openBackslash: Int?
  /// Up to where the lines behind the last newline are blank or comments, and whether a `|` stands there; kept so that a
  /// million empty lines are looked at once each.
  private var scannedEnd = 0
  private var scannedLeadsToPipe = false

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  private func byte(at offset: Int) -> UInt8? {
    offset < bytes.count ? bytes[offset] : nil
  }

  private func byte(at offset: Int, is character: Unicode.Scalar) -> Bool {
    offset < bytes.count && bytes[offset] == UInt8(ascii: character)
  }

  /// The next token; at the end of the text the same `.endOfText` for ever.
  mutating func next() -> Token {
    skipBlanks()
    let start = position
    guard let first = byte(at: start) else { return Token(kind: .endOfText, start: start, end: start) }
    let (kind, end) = read(first, at: start)
    position = end
    return Token(kind: kind, start: start, end: end)
  }

  // MARK: Blanks

  /// Skips blanks, comments and continued line ends; stops at a newline that may end a statement.
  mutating func skipBlanks() {
    endsInComment = false
    while let current = byte(at: position) {
      if current.isBlank {
        position += 1
      } else if current == UInt8(ascii: "#") {
        position = endOfLine(from: position)
        endsInComment = position == bytes.count
      } else if current == UInt8(ascii: "\n") {
        guard skipsNewlines || leadsToPipe(from: position) else { return }
        position += 1
      } else if let end = continuedLineEnd(at: position) {
        if end == bytes.count { openBackslash = position }
        position = end
      } else if let width = invisibleWidth(at: position) {
        position += width
      } else {
        return
      }
    }
  }

  func endOfLine(from offset: Int) -> Int {
    bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
  }

  /// Whether the first thing on the lines after this newline is a `|`.
  private mutating func leadsToPipe(from offset: Int) -> Bool {
    if offset < scannedEnd { return scannedLeadsToPipe }
    var cursor = offset
    while let current = byte(at: cursor), current == UInt8(ascii: "\n") || current.isBlank || current == UInt8(ascii: "#") {
      cursor = current == UInt8(ascii: "#") ? endOfLine(from: cursor) : cursor + 1
    }
    scannedEnd = cursor
    scannedLeadsToPipe = byte(at: cursor, is: "|") && !byte(at: cursor + 1, is: "|")
    return scannedLeadsToPipe
  }

  /// The offset after a backslash and the line end it joins, or nil if the backslash joins none.
  func continuedLineEnd(at offset: Int) -> Int? {
    guard byte(at: offset, is: "\\") else { return nil }
    var cursor = offset + 1
    while let current = byte(at: cursor), current.isBlank { cursor += 1 }
    guard let current = byte(at: cursor) else { return bytes.count }
    return current == UInt8(ascii: "\n") ? cursor + 1 : nil
  }

  /// The width of a character that looks like nothing or like a blank (no-break space, zero-width space, ideographic
  /// space, byte-order mark): pasted text is full of them.
  private func invisibleWidth(at offset: Int) -> Int? {
    switch (byte(at: offset), byte(at: offset + 1), byte(at: offset + 2)) {
    case (0xC2, 0xA0, _): 2
    case (0xE2, 0x80, 0x8B), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF): 3
    default: nil
    }
  }

  /// The width of a typographic quote or dash, which stands for a plain one that an editor has "improved".
  private func typographicWidth(at offset: Int) -> Int? {
    switch (byte(at: offset), byte(at: offset + 1), byte(at: offset + 2)) {
    case (0xE2, 0x80, 0x98), (0xE2, 0x80, 0x99), (0xE2, 0x80, 0x9C), (0xE2, 0x80, 0x9D): 3
    case (0xE2, 0x80, 0x93), (0xE2, 0x80, 0x94), (0xE2, 0x88, 0x92): 3
    default: nil
    }
  }

  // MARK: Tokens

  private func read(_ first: UInt8, at start: Int) -> (TokenKind, Int) {
    if first.startsName { return readName(first, at: start) }
    if first.isDigit { return readNumber(at: start) }
    switch first {
    case UInt8(ascii: "\n"): return (.newline, start + 1)
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      let end = endOfString(from: start)
      return end.map { (.string, $0) } ?? (.unterminatedString, endOfLine(from: start))
    case UInt8(ascii: "`"):
      let end = endOfQuotedName(from: start)
      return end.map { (.quotedName, $0) } ?? (.unterminatedName, endOfLine(from: start))
    case UInt8(ascii: "$"):
      let end = endOfName(from: start + 1)
      return (end > start + 1 ? .parameter : .invalid, end)
    case UInt8(ascii: "."):
      let followsOperand = start > 0 && (bytes[start - 1].continuesName || ")]`".utf8.contains(bytes[start - 1]))
      if !followsOperand, byte(at: start + 1)?.isDigit == true { return readNumber(at: start) }
      return (.dot, start + 1)
    default: return readOperator(first, at: start)
    }
  }

  private func readOperator(_ first: UInt8, at start: Int) -> (TokenKind, Int) {
    let second = byte(at: start + 1)
    func pair(_ character: Unicode.Scalar, _ kind: TokenKind) -> (TokenKind, Int)? {
      second == UInt8(ascii: character) ? (kind, start + 2) : nil
    }
    func single(_ kind: TokenKind) -> (TokenKind, Int) { (kind, start + 1) }
    switch Unicode.Scalar(first) {
    case ";": return single(.semicolon)
    case ",": return single(.comma)
    case "(": return single(.openParenthesis)
    case ")": return single(.closeParenthesis)
    case "[": return single(.openBracket)
    case "]": return single(.closeBracket)
    case "{": return single(.openBrace)
    case "}": return single(.closeBrace)
    case "|": return pair("|", .doublePipe) ?? single(.pipe)
    case "=": return pair("=", .equal) ?? single(.assign)
    case "!": return pair("=", .notEqual) ?? pair("~", .notMatches) ?? single(.bang)
    case "<": return pair("=", .lessOrEqual) ?? pair(">", .lessGreater) ?? single(.less)
    case ">": return pair("=", .greaterOrEqual) ?? single(.greater)
    case "~": return single(.matches)
    case "?": return pair("?", .coalesce) ?? single(.invalid)
    case "+": return pair("+", .plusPlus) ?? single(.plus)
    case "-": return pair("-", .dashDash) ?? pair(">", .arrow) ?? single(.minus)
    case "*": return single(.star)
    case "/": return pair("/", .slashSlash) ?? single(.slash)
    case "%": return single(.percent)
    case ":": return pair(":", .doubleColon) ?? single(.colon)
    case "&": return pair("&", .doubleAmpersand) ?? single(.invalid)
    default: return single(.invalid)
    }
  }

  private func readName(_ first: UInt8, at start: Int) -> (TokenKind, Int) {
    if first == UInt8(ascii: "r"), let quote = byte(at: start + 1), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      let end = bytes[(start + 2)...].firstIndex(of: quote)
      return end.map { (.rawString, $0 + 1) } ?? (.unterminatedString, endOfLine(from: start))
    }
    if first >= 0x80, let width = typographicWidth(at: start) { return (.invalid, start + width) }
    return (.name, endOfName(from: start))
  }

  /// The end of a run of name bytes, which may be empty.
  func endOfName(from start: Int) -> Int {
    var cursor = start
    while let current = byte(at: cursor), current.continuesName {
      if current >= 0x80, invisibleWidth(at: cursor) != nil || typographicWidth(at: cursor) != nil { break }
      cursor += 1
    }
    return cursor
  }

  /// Takes in letters behind the digits too, so that `10k` is one wrong number and not two tokens.
  private func readNumber(at start: Int) -> (TokenKind, Int) {
    if let end = endOfDate(from: start) { return (.bareDate, end) }
    let isHexadecimal = byte(at: start, is: "0") && byte(at: start + 1, is: "x")
    var cursor = start
    while let current = byte(at: cursor) {
      if current.isDigit || current.isLetter || current == UInt8(ascii: "_") {
        cursor += 1
      } else if current == UInt8(ascii: "."), byte(at: cursor + 1)?.isDigit == true {
        cursor += 1
      } else if !isHexadecimal, current == UInt8(ascii: "+") || current == UInt8(ascii: "-"), cursor > start,
        bytes[cursor - 1] | 0x20 == UInt8(ascii: "e"), byte(at: cursor + 1)?.isDigit == true
      {
        cursor += 1
      } else {
        break
      }
    }
    return (.number, cursor)
  }

  /// The end of `dddd-dd-dd`, or nil if no such thing stands here.
  private func endOfDate(from start: Int) -> Int? {
    let end = start + 10
    guard end <= bytes.count else { return nil }
    for offset in 0..<10 {
      let current = bytes[start + offset]
      let fits = offset == 4 || offset == 7 ? current == UInt8(ascii: "-") : current.isDigit
      if !fits { return nil }
    }
    return byte(at: end)?.continuesName == true ? nil : end
  }

  /// The offset after the closing quote, or nil if there is none.
  func endOfString(from start: Int) -> Int? {
    let quote = bytes[start]
    var cursor = start + 1
    while let current = byte(at: cursor) {
      if current == quote { return cursor + 1 }
      cursor += current == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// The offset after the closing backtick (two in a row are one in the name), or nil if there is none.
  private func endOfQuotedName(from start: Int) -> Int? {
    var cursor = start + 1
    while let current = byte(at: cursor) {
      cursor += 1
      guard current == UInt8(ascii: "`") else { continue }
      guard byte(at: cursor, is: "`") else { return cursor }
      cursor += 1
    }
    return nil
  }
}
