// One expected line: plain text, text with wildcards, an elision, or an error. Texts are compared byte by byte.

/// An expected line as a pattern.
enum LinePattern: Hashable {
  /// `...` alone on a line: any number of lines, none included.
  case anyLines
  /// Text between the wildcards `[..]`, each of which stands for any characters, none included.
  case text([[UInt8]])
  /// `!error CODE [LINE:COLUMN] [~ PART OF THE MESSAGE]`; the part may hold `[..]` too.
  case error(code: String, position: String?, part: [[UInt8]]?)

  private static let partMark = Array(" ~ ".utf8)

  init(_ line: String) {
    let bytes = Array(line.utf8)
    if bytes == GoldenSyntax.anyLines {
      self = .anyLines
    } else if GoldenSyntax.isError(bytes) {
      var head = bytes[GoldenSyntax.error.count...]
      var part: [[UInt8]]?
      if let mark = head.firstRange(of: Self.partMark) {
        part = GoldenSyntax.piecesOfPart(Array(head[mark.upperBound...]))
        head = head[..<mark.lowerBound]
      }
      let words = head.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      self = .error(code: words.first ?? "", position: words.dropFirst().first, part: part)
    } else {
      self = .text(GoldenSyntax.pieces(of: bytes))
    }
  }

  /// Whether an actual line is as expected; `anyLines` matches no single line.
  func matches(_ actual: ActualLine) -> Bool {
    switch self {
    case .anyLines: return false
    case .error(let code, let position, let part):
      guard case .error(let error) = actual.kind else { return false }
      return error.code == code && error.position == position
        && (part.map { Self.matches([[]] + $0 + [[]], Array(error.message.utf8)) } ?? true)
    case .text(let pieces):
      if case .error = actual.kind { return false }
      return Self.matches(pieces, Array(actual.text.utf8))
    }
  }

  private static func matches(_ pieces: [[UInt8]], _ text: [UInt8]) -> Bool {
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return text == pieces.first ?? [] }
    guard text.starts(with: first) else { return false }
    var rest = text[first.count...]
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
  }
}
