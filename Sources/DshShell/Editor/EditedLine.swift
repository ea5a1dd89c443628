// The text being edited and the cursor in it, with the moves and changes that dsh makes itself.

import DshDiagnostics

/// A text of one or more lines with a cursor.
public struct EditedLine: Sendable, Hashable {
  public var text: String
  /// The cursor's UTF-8 byte offset.
  public var cursor: Int

  public init(_ text: String = "", cursor: Int? = nil) {
    self.text = text
    self.cursor = min(max(0, cursor ?? text.utf8.count), text.utf8.count)
  }

  /// The text before the cursor.
  var before: String { String(decoding: text.utf8.prefix(cursor), as: UTF8.self) }

  /// The text from the cursor on.
  var after: String { String(decoding: text.utf8.dropFirst(cursor), as: UTF8.self) }

  /// Replaces a range of bytes and puts the cursor behind the new text.
  func replacing(_ range: Range<Int>, with new: String) -> EditedLine {
    let lower = min(max(0, range.lowerBound), text.utf8.count)
    let upper = min(max(lower, range.upperBound), text.utf8.count)
    let head = String(decoding: text.utf8.prefix(lower), as: UTF8.self)
    let tail = String(decoding: text.utf8.dropFirst(upper), as: UTF8.self)
    return EditedLine(head + new + tail, cursor: lower + new.utf8.count)
  }

  func inserting(_ new: String) -> EditedLine { replacing(cursor..<cursor, with: new) }

  // MARK: By characters as a person sees them

  func movedLeft() -> EditedLine {
    guard let last = before.last else { return self }
    return EditedLine(text, cursor: cursor - last.utf8.count)
  }

  func movedRight() -> EditedLine {
    guard let first = after.first else { return self }
    return EditedLine(text, cursor: cursor + first.utf8.count)
  }

  func deletingBackward() -> EditedLine {
    guard let last = before.last else { return self }
    return replacing((cursor - last.utf8.count)..<cursor, with: "")
  }

  func deletingForward() -> EditedLine {
    guard let first = after.first else { return self }
    return replacing(cursor..<(cursor + first.utf8.count), with: "")
  }

  // MARK: By words

  func movedWordLeft() -> EditedLine {
    let rest = before.reversed().drop { !$0.isWordPart }.drop { $0.isWordPart }
    return EditedLine(text, cursor: rest.reduce(0) { $0 + $1.utf8.count })
  }

  func movedWordRight() -> EditedLine {
    let rest = after.drop { !$0.isWordPart }.drop { $0.isWordPart }
    return EditedLine(text, cursor: text.utf8.count - rest.utf8.count)
  }

  // MARK: By lines

  private var lineStart: Int {
    text.utf8.prefix(cursor).lastIndex(of: UInt8(ascii: "\n")).map { text.utf8.distance(from: text.startIndex, to: $0) + 1 } ?? 0
  }

  private var lineEnd: Int {
    text.utf8.dropFirst(cursor).firstIndex(of: UInt8(ascii: "\n")).map { text.utf8.distance(from: text.startIndex, to: $0) }
      ?? text.utf8.count
  }

  func movedToLineStart() -> EditedLine { EditedLine(text, cursor: lineStart) }

  func movedToLineEnd() -> EditedLine { EditedLine(text, cursor: lineEnd) }

  /// The cursor one line up in about the same column; nil on the first line.
  func movedUp() -> EditedLine? {
    let start = lineStart
    guard start > 0 else { return nil }
    let above = EditedLine(text, cursor: start - 1)
    return above.movedToLineStart().movedRight(byWidth: column)
  }

  /// The cursor one line down in about the same column; nil on the last line.
  func movedDown() -> EditedLine? {
    let end = lineEnd
    guard end < text.utf8.count else { return nil }
    return EditedLine(text, cursor: end + 1).movedRight(byWidth: column)
  }

  /// The cursor's distance from the start of its line in terminal cells.
  private var column: Int { displayWidth(String(decoding: text.utf8.prefix(cursor).dropFirst(lineStart), as: UTF8.self)) }

  private func movedRight(byWidth width: Int) -> EditedLine {
    var rest = width
    var offset = cursor
    for character in after {
      if character == "\n" { break }
      rest -= displayWidth(character)
      if rest < 0 { break }
      offset += character.utf8.count
    }
    return EditedLine(text, cursor: offset)
  }

  /// Whether the line the cursor is on holds nothing but blanks.
  var isOnBlankLine: Bool {
    text.utf8.prefix(lineEnd).dropFirst(lineStart).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  var isBlank: Bool { text.allSatisfy { $0.isWhitespace } }
}

extension Character {
  /// Whether words, as keys move by them, hold it.
  var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
