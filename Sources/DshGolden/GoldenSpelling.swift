// How printed text is written in a golden file, so that nothing in it is taken for the syntax of the file, and back.
//
// Some texts mean something in a golden file. A backslash before one of them takes it literally, and backslashes before that are doubled; all
// other backslashes stand for themselves.

/// The texts that mean something.
enum GoldenSyntax {
  /// Alone on a line: any lines.
  static let anyLines = Array("...".utf8)
  /// Alone on a line: an empty line.
  static let blankLine = Array("(blank)".utf8)
  /// At the start of a line: an error.
  static let error = Array("!error".utf8)
  /// At the start of a line: a statement, or the end of the output.
  static let prompt = Array("dsh>".utf8)
  static let fence = Array("```".utf8)
  /// Anywhere: any text.
  static let anyText = Array("[..]".utf8)
  /// At the end of a line: what an editor would not keep.
  static let blank = Array("␣".utf8)
  static let carriageReturn = Array("␍".utf8)

  static let escape = UInt8(ascii: "\\")

  /// Whether a line, or what stands behind the backslashes it begins with, means something by how it begins.
  static func isMarked(_ line: some Collection<UInt8>) -> Bool {
    line.elementsEqual(anyLines) || line.elementsEqual(blankLine) || isError(line) || line.starts(with: prompt) || line.starts(with: fence)
      || Transcript.continuation(String(decoding: line, as: UTF8.self)) != nil
  }

  static func isError(_ line: some Collection<UInt8>) -> Bool {
    line.starts(with: error) && (line.count == error.count || line.dropFirst(error.count).first == UInt8(ascii: " "))
  }
}

extension GoldenSyntax {
  /// One printed line as a golden file holds it.
  static func spelled(_ text: String) -> String {
    if text.isEmpty { return String(decoding: blankLine, as: UTF8.self) }
    let bytes = Array(text.utf8)
    let end = endOfText(bytes)
    var spelled = escapingAnyText(bytes[..<end])
    if end < bytes.count {
      spelled += [UInt8](repeating: escape, count: trailingEscapes(bytes[..<end]))
      spelled += spelledEnd(bytes[end...])
    }
    let escapes = spelled.prefix { $0 == escape }.count
    if isMarked(spelled[escapes...]) { spelled.insert(contentsOf: [UInt8](repeating: escape, count: escapes + 1), at: 0) }
    return String(decoding: spelled, as: UTF8.self)
  }

  /// A part of a line, such as a message, in which only what has a meaning anywhere is escaped.
  static func spelledPart(_ text: String) -> String { String(decoding: escapingAnyText(Array(text.utf8)[...]), as: UTF8.self) }

  /// Where the blanks, carriage returns, and the signs for them, begin that end a line.
  private static func endOfText(_ bytes: [UInt8]) -> Int {
    var end = bytes.count
    while end > 0 {
      if bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\r") {
        end -= 1
      } else if bytes[..<end].hasSuffix(blank) || bytes[..<end].hasSuffix(carriageReturn) {
        end -= blank.count
      } else {
        break
      }
    }
    return end
  }

  private static func spelledEnd(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var spelled: [UInt8] = []
    var rest = bytes
    while let first = rest.first {
      switch first {
      case UInt8(ascii: " "): spelled += blank
      case UInt8(ascii: "\r"): spelled += carriageReturn
      default:
        spelled += [escape] + rest.prefix(blank.count)
        rest = rest.dropFirst(blank.count - 1)
      }
      rest = rest.dropFirst()
    }
    return spelled
  }

  private static func escapingAnyText(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var spelled: [UInt8] = []
    var rest = bytes
    while let found = rest.firstRange(of: anyText) {
      let before = rest[..<found.lowerBound]
      spelled += before + [UInt8](repeating: escape, count: trailingEscapes(before) + 1) + anyText
      rest = rest[found.upperBound...]
    }
    return spelled + rest
  }

  /// How many backslashes end some text.
  private static func trailingEscapes(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().prefix { $0 == escape }.count }
}

extension GoldenSyntax {
  /// The printed texts between the wildcards of a line; always at least one.
  static func pieces(of line: some Collection<UInt8>) -> [[UInt8]] {
    var bytes = Array(line)
    if bytes == blankLine { return [[]] }
    let escapes = bytes.prefix { $0 == escape }.count
    if escapes > 0, isMarked(bytes[escapes...]) { bytes.removeFirst(escapes - escapes / 2) }
    let (text, end) = withoutSpelledEnd(bytes)
    var pieces = piecesOfPart(text)
    pieces[pieces.count - 1] += end
    return pieces
  }

  /// The same for a part of a line.
  static func piecesOfPart(_ bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var piece: [UInt8] = []
    var rest = bytes[...]
    while let found = rest.firstRange(of: anyText) {
      let before = rest[..<found.lowerBound]
      let escapes = trailingEscapes(before)
      piece += before.dropLast(escapes - escapes / 2)
      if escapes % 2 == 1 {
        piece += anyText
      } else {
        pieces.append(piece)
        piece = []
      }
      rest = rest[found.upperBound...]
    }
    return pieces + [piece + rest]
  }

  /// A line without the signs at its end, and what they stand for.
  private static func withoutSpelledEnd(_ bytes: [UInt8]) -> (text: [UInt8], end: [UInt8]) {
    var rest = bytes[...]
    var end: [UInt8] = []
    while rest.hasSuffix(blank) || rest.hasSuffix(carriageReturn) {
      let sign = rest.suffix(blank.count)
      let before = rest.dropLast(blank.count)
      let escapes = trailingEscapes(before)
      let meant = sign.elementsEqual(blank) ? UInt8(ascii: " ") : UInt8(ascii: "\r")
      end.insert(contentsOf: escapes % 2 == 1 ? Array(sign) : [meant], at: 0)
      rest = before.dropLast(escapes - escapes / 2)
      // Backslashes of the text end what is spelled.
      if escapes > 1 { break }
    }
    return (Array(rest), end)
  }
}

extension Collection<UInt8> {
  fileprivate func hasSuffix(_ other: [UInt8]) -> Bool { count >= other.count && suffix(other.count).elementsEqual(other) }
}
