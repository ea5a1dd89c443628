// One expected line: plain text, text with wildcards, an elision, or an error.

/// An expected line as a pattern.
enum LinePattern: Hashable {
  /// `...` alone on a line: any number of lines, none included.
  case anyLines
  /// Text between the wildcards `[..]`, each of which stands for any characters, none included.
  case text([String])
  /// `!error CODE [LINE:COLUMN] [~ PART OF THE MESSAGE]`; the part may hold `[..]` too.
  case error(code: String, position: String?, part: [String]?)

  static let errorMark = "!error"

  init(_ line: String) {
    if line == "..." {
      self = .anyLines
    } else if line == Self.errorMark || line.hasPrefix(Self.errorMark + " ") {
      var head = line.dropFirst(Self.errorMark.count)
      var part: [String]?
      if let mark = head.firstRange(of: " ~ ") {
        part = String(head[mark.upperBound...]).split(separator: "[..]")
        head = head[..<mark.lowerBound]
      }
      let words = head.split(separator: " ")
      self = .error(code: words.first.map(String.init) ?? "", position: words.dropFirst().first.map(String.init), part: part)
    } else {
      self = .text(line.split(separator: "[..]"))
    }
  }

  /// Whether an actual line is as expected; `anyLines` matches no single line.
  func matches(_ actual: ActualLine) -> Bool {
    switch self {
    case .anyLines: return false
    case .error(let code, let position, let part):
      guard case .error(let error) = actual.kind else { return false }
      return error.code == code && error.position == position && (part.map { Self.matches([""] + $0 + [""], error.message) } ?? true)
    case .text(let pieces):
      if case .error = actual.kind { return false }
      return Self.matches(pieces, actual.text)
    }
  }

  private static func matches(_ pieces: [String], _ text: String) -> Bool {
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return text == pieces.first ?? "" }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}

extension String {
  /// The pieces between a separator of several characters; always at least one.
  fileprivate func split(separator: String) -> [String] {
    var pieces: [String] = []
    var rest = self[...]
    while let found = rest.firstRange(of: separator) {
      pieces.append(String(rest[..<found.lowerBound]))
      rest = rest[found.upperBound...]
    }
    return pieces + [String(rest)]
  }
}

extension StringProtocol {
  /// Where another text first stands, byte for byte.
  func firstRange(of other: String) -> Range<Index>? {
    let wanted = Array(other.utf8)
    guard !wanted.isEmpty else { return startIndex..<startIndex }
    var index = utf8.startIndex
    while index < utf8.endIndex {
      if utf8[index...].starts(with: wanted) { return index..<utf8.index(index, offsetBy: wanted.count) }
      index = utf8.index(after: index)
    }
    return nil
  }

  fileprivate func contains(_ other: String) -> Bool { firstRange(of: other) != nil }
}
