// Lays an edited text out in terminal rows: prompts, colours, wrapping, the cursor's place. Pure.

import DshDiagnostics
import DshLanguage

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
struct LinePainter {
  /// Cells in a row of the terminal; at least a few more than a prompt takes.
  var width: Int
  /// Rows of the terminal; a longer text is shown around the cursor.
  var height: Int
  var usesColor: Bool

  /// - Parameters:
  ///   - prompt: what stands before the first line.
  ///   - continuation: what stands before the line with this index, from 1.
  ///   - menu: rows below the text, such as completions.
  func paint(_ line: EditedLine, prompt: String, continuation: (Int) -> String, spans: [HighlightedSpan] = [], menu: [String] = [])
    -> PaintedScreen
  {
    var layout = RowLayout(width: max(width, 8))
    layout.add(usesColor ? Style.bold.applied(to: prompt) : prompt, width: displayWidth(prompt))
    var spanIndex = 0
    var offset = 0
    var lineIndex = 0
    for character in line.text {
      if offset == line.cursor { layout.markCursor() }
      while spanIndex < spans.count, spans[spanIndex].span.end <= offset { spanIndex += 1 }
      if character == "\n" || character == "\r\n" {
        lineIndex += 1
        layout.endRow()
        let mark = continuation(lineIndex)
        layout.add(usesColor ? Style.dim.applied(to: mark) : mark, width: displayWidth(mark))
      } else {
        let inSpan = usesColor && spanIndex < spans.count && spans[spanIndex].span.start <= offset
        layout.add(character, parameters: inSpan ? Self.parameters(of: spans[spanIndex].kind) : nil)
      }
      offset += character.utf8.count
    }
    if offset == line.cursor { layout.markCursor() }
    return layout.finish(menu: menu, height: max(height, 2))
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
    case .error: "31"
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

  mutating func finish(menu: [String], height: Int) -> PaintedScreen {
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
    shown += menuRows
    shownWidths += menuRows.map { displayWidth($0) }
    return PaintedScreen(rows: shown, widths: shownWidths, cursorRow: cursor.row - first, cursorColumn: cursor.column)
  }
}
