// The texts a line has been, for undo.

/// Remembers the line as it changes.
struct UndoHistory {
  /// Older texts are forgotten.
  static let limit = 1000

  private var earlier: [EditedLine] = []
  private var current = EditedLine()

  /// Takes notice of the line as it is now.
  ///
  /// Letters typed one after the other are one change, up to the next blank.
  mutating func note(_ line: EditedLine) {
    defer { current = line }
    guard line.text != current.text else { return }
    let isTyping = line.text.utf8.count == current.text.utf8.count + 1 && line.cursor == current.cursor + 1
    let goesOn = isTyping && line.before.last.map(\.isWordPart) == true && current.before.last.map(\.isWordPart) == true
    if !goesOn { earlier.append(current) }
    if earlier.count > Self.limit { earlier.removeFirst() }
  }

  /// The line before the last change; nil if there was none.
  mutating func undo() -> EditedLine? {
    guard let line = earlier.popLast() else { return nil }
    current = line
    return line
  }

  /// A new statement begins.
  mutating func reset() {
    earlier = []
    current = EditedLine()
  }
}
