// Lays an edited text out in terminal rows: prompts, colours, wrapping, the cursor's place. Pure.

import DshDiagnostics
import DshLanguage
import DshRender

/// Rows as they stand on the terminal, top to bottom.
struct PaintedScreen: Hashable {
  /// With colours, without line ends.
  var rows: [String]
  /// The cells each row takes.
  var widths: [Int]
  var cursorRow: Int
  var cursorColumn: Int
}

/// Everything that is to be seen while editing.
struct EditedPicture {
  var line: EditedLine
  /// What stands before the first line.
  var prompt: String
  /// What stands before the lines behind the first.
  var continuation: [String] = []
  var spans: [HighlightedSpan] = []
  /// What is suggested behind the text.
  var ghost = ""
  var menu: CompletionMenu?

  init(_ line: EditedLine, prompt: String) {
    self.line = line
    self.prompt = prompt
  }
}

/// Lays a picture out for a terminal.
struct LinePainter {
  /// Cells in a row of the terminal; at least a few more than a prompt takes.
  var width: Int
  /// Rows of the terminal; a longer text is shown around the cursor.
  var height: Int
  var usesColor: Bool

  /// - Parameter menuLimit: the most rows that a list of completions takes.
  func paint(_ picture: EditedPicture, menuLimit: Int = 20) -> PaintedScreen {
    var layout = RowLayout(width: max(width, 8))
    layout.add(usesColor ? Style.bold.applied(to: picture.prompt) : picture.prompt, width: displayWidth(picture.prompt))
    let spans = usesColor ? picture.spans : []
    let line = picture.line
    var spanIndex = 0
    var offset = 0
    var lineIndex = 0
    for character in line.text {
      if offset == line.cursor { layout.markCursor() }
      while spanIndex < spans.count, spans[spanIndex].span.end <= offset { spanIndex += 1 }
      if character == "\n" || character == "\r\n" {
        layout.endRow()
        let mark = picture.continuation.indices.contains(lineIndex) ? picture.continuation[lineIndex] : continuationPrompt(open: nil)
        layout.add(usesColor ? Style.dim.applied(to: mark) : mark, width: displayWidth(mark))
        lineIndex += 1
      } else {
        let inSpan = spanIndex < spans.count && spans[spanIndex].span.start <= offset
        layout.add(character, parameters: inSpan ? Self.parameters(of: spans[spanIndex].kind) : nil)
      }
      offset += character.utf8.count
    }
    if offset == line.cursor { layout.markCursor() }
    addGhost(picture.ghost, to: &layout)
    let menu = picture.menu?.rows(width: max(width, 8), limit: menuLimit) ?? []
    return layout.finish(menu: menu, usesColor: usesColor, height: max(height, 2))
  }

  /// The rest of the suggested line; that there are more lines is only hinted at.
  private func addGhost(_ ghost: String, to layout: inout RowLayout) {
    let firstLine = ghost.prefix { !$0.isNewline }
    for character in firstLine { layout.add(character, parameters: "2") }
    if firstLine.endIndex < ghost.endIndex { for character in " …" { layout.add(character, parameters: "2") } }
  }

  /// The SGR parameters of a class of text; nil for plain text.
  private static func parameters(of kind: HighlightKind) -> String? {
    switch kind {
    case .command, .verb: "1;34"
    case .unavailableVerb: "2;34"
    case .option, .optionValue: "35"
    case .path, .string: "32"
    case .number, .constant, .parameter: "33"
    case .function, .type: "36"
    case .keyword, .pipe: "1"
    case .dataset: "34"
    case .comment: "2"
    case .error: "2;31"
    case .column, .newName, .operation, .punctuation: nil
    }
  }
}

/// Fills rows of a fixed width.
private struct RowLayout {
  private let width: Int
  private var rows: [String] = []
  private var widths: [Int] = []
  private var row = ""
  private var column = 0
  private var parameters: String?
  private var cursor: (row: Int, column: Int) = (0, 0)

  init(width: Int) { self.width = width }

  /// Adds a text that holds its own colours and is not wrapped.
  mutating func add(_ text: String, width: Int) {
    row += text
    column += width
  }

  mutating func add(_ character: Character, parameters new: String?) {
    var shown = String(character)
    var cells = displayWidth(character)
    if let scalar = character.unicodeScalars.first, scalar.value < 0x20 || scalar.value == 0x7F {
      shown = scalar == "\t" ? " " : "^" + String(UnicodeScalar(UInt8(scalar.value) ^ 0x40))
      cells = shown.count
    }
    if column + cells > width { endRow() }
    if new != parameters {
      if parameters != nil { row += "\u{1B}[0m" }
      if let new { row += "\u{1B}[\(new)m" }
      parameters = new
    }
    row += shown
    column += cells
  }

  /// The cursor stands where the next character goes.
  mutating func markCursor() { cursor = (rows.count, column) }

  mutating func endRow() {
    if parameters != nil { row += "\u{1B}[0m" }
    rows.append(row)
    widths.append(column)
    row = ""
    column = 0
    parameters = nil
  }

  mutating func finish(menu: [MenuRow], usesColor: Bool, height: Int) -> PaintedScreen {
    endRow()
    // A full row has no cell left for the cursor: it stands at the start of the next, which is added if there is none.
    if cursor.column >= width {
      cursor = (cursor.row + 1, 0)
      if cursor.row == rows.count {
        rows.append("")
        widths.append(0)
      }
    }
    let first = rows.count <= height ? 0 : min(max(0, cursor.row - height / 2), rows.count - height)
    var shown = Array(rows.dropFirst(first).prefix(height))
    var shownWidths = Array(widths.dropFirst(first).prefix(height))
    let menuRows = menu.prefix(max(0, height - shown.count))
    shown += menuRows.map { $0.text(usesColor: usesColor) }
    shownWidths += menuRows.map { $0.width(usesColor: usesColor) }
    return PaintedScreen(rows: shown, widths: shownWidths, cursorRow: cursor.row - first, cursorColumn: cursor.column)
  }
}
