// The part of the terminal that the editor paints on, and what stands there.

import DshLanguage
import DshSystem

/// The rows that the line being edited takes.
struct EditorScreen {
  /// How many rows a list of completions takes at most, short of the terminal's height.
  static let menuLimit = 20

  let usesColor: Bool
  private(set) var columns = 80
  private(set) var rows = 24
  private var shown: PaintedScreen?

  init(usesColor: Bool) { self.usesColor = usesColor }

  /// Asks the terminal for its size.
  mutating func readSize() { (columns, rows) = terminalSize(1) ?? (80, 24) }

  /// Replaces what is shown, in one write.
  mutating func paint(_ picture: EditedPicture) {
    let painter = LinePainter(width: columns, height: rows, usesColor: usesColor)
    let new = painter.paint(picture, menuLimit: min(Self.menuLimit, max(1, rows - 2)))
    write(screenUpdate(from: shown, to: new))
    shown = new
  }

  /// Wipes the line away; what is painted next begins where it began.
  mutating func erase() {
    if let shown { write(screenErasure(of: shown)) }
    shown = nil
  }

  /// What is painted next begins where the cursor is.
  mutating func forget() { shown = nil }

  /// Takes notice of a new size; true if the line has to be painted anew.
  mutating func resize() {
    let before = columns
    readSize()
    guard let shown, columns != before else { return }
    write(screenErasure(of: reflowed(shown, width: columns)))
    self.shown = nil
  }

  func write(_ text: String) {
    guard !text.isEmpty else { return }
    var text = text
    // A terminal that is gone ends the input as well; there is nothing to say to it.
    text.withUTF8 { try? writeAll(UnsafeRawBufferPointer($0), to: 1) }
  }
}
