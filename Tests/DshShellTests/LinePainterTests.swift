// What the editor paints, checked on a small model of a terminal.

import DshLanguage
import Testing

@testable import DshShell

private func paint(_ text: String, cursor: Int? = nil, width: Int, height: Int = 24, menu: [String] = []) -> PaintedScreen {
  let line = EditedLine(text, cursor: cursor)
  var picture = EditedPicture(line, prompt: "dsh> ")
  picture.continuation = Array(repeating: "|..> ", count: 200)
  if !menu.isEmpty { picture.menu = CompletionMenu(menu.map { CompletionItem($0, "about") }, replacing: 0..<0, in: line) }
  return LinePainter(width: width, height: height, usesColor: false).paint(picture)
}

/// A terminal just good enough to check what the painter sends.
private struct Screen {
  var rows: [[Character]] = [[]]
  var row = 0
  var column = 0
  let width: Int
  var hangs = false

  init(width: Int) { self.width = width }

  mutating func feed(_ bytes: String) {
    let characters = Array(bytes.unicodeScalars)
    var index = 0
    while index < characters.count {
      let character = characters[index]
      index += 1
      switch character {
      case "\r":
        column = 0
        hangs = false
      case "\n":
        row += 1
        while rows.count <= row { rows.append([]) }
        hangs = false
      case "\u{1B}":
        index += 1
        var digits = ""
        while index < characters.count, characters[index].properties.numericType != nil || characters[index] == ";" {
          digits.unicodeScalars.append(characters[index])
          index += 1
        }
        apply(characters[index], Int(digits))
        index += 1
      default:
        if hangs {
          row += 1
          column = 0
          while rows.count <= row { rows.append([]) }
          hangs = false
        }
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = Character(character)
        column += 1
        if column == width {
          column -= 1
          hangs = true
        }
      }
    }
  }

  private mutating func apply(_ command: Unicode.Scalar, _ number: Int?) {
    hangs = command == "m" ? hangs : false
    switch command {
    case "A": row = max(0, row - (number ?? 1))
    case "B": row = min(rows.count - 1, row + (number ?? 1))
    case "C": column = min(width - 1, column + (number ?? 1))
    case "K": rows[row] = Array(rows[row].prefix(column))
    case "J":
      rows[row] = Array(rows[row].prefix(column))
      rows.removeSubrange((row + 1)...)
    default: break
    }
  }

  var text: [String] {
    var lines = rows.map { row in
      var line = String(row)
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }
}

@Suite struct LinePainterTests {
  @Test(arguments: [40, 80, 200]) func wraps(width: Int) {
    let text = String(repeating: "0123456789", count: 25)
    let screen = paint(text, width: width)
    #expect(screen.rows.joined() == "dsh> " + text)
    #expect(screen.widths.allSatisfy { $0 <= width })
    #expect(screen.cursorRow == (text.count + 5) / width)
    #expect(screen.cursorColumn == (text.count + 5) % width)
  }

  @Test func aFullRowPutsTheCursorOnTheNext() {
    let screen = paint("abcde", width: 10)
    #expect(screen.rows == ["dsh> abcde", ""])
    #expect(screen.cursorRow == 1)
    #expect(screen.cursorColumn == 0)
    #expect(paint("abcdef", cursor: 5, width: 10).cursorRow == 1)
  }

  @Test func wideCharactersAreNotSplit() {
    let screen = paint("ab日本", width: 10)
    #expect(screen.rows == ["dsh> ab日", "本"])
    #expect(screen.cursorColumn == 2)
  }

  @Test func combiningMarksTakeNoCell() {
    #expect(paint("e\u{301}a", width: 40).cursorColumn == 7)
  }

  @Test func linesHavePrompts() {
    let screen = paint("a |\nb |\nc", cursor: 5, width: 40)
    #expect(screen.rows == ["dsh> a |", "|..> b |", "|..> c"])
    #expect(screen.cursorRow == 1)
    #expect(screen.cursorColumn == 6)
  }

  @Test func aTallTextIsShownAroundTheCursor() {
    let text = (0..<100).map { "line \($0)" }.joined(separator: "\n")
    let screen = paint(text, width: 40, height: 10)
    #expect(screen.rows.count == 10)
    #expect(screen.rows.last == "|..> line 99")
    #expect(paint(text, cursor: 0, width: 40, height: 10).rows.first == "dsh> line 0")
  }

  @Test func controlCharactersAreShown() {
    #expect(paint("a\tb\u{1}", width: 40).rows == ["dsh> a b^A"])
  }

  @Test func highlighting() {
    let painter = LinePainter(width: 40, height: 10, usesColor: true)
    let text = "take 3"
    var picture = EditedPicture(EditedLine(text), prompt: "dsh> ")
    picture.spans = highlight(text)
    let screen = painter.paint(picture)
    #expect(screen.rows == ["\u{1B}[1mdsh> \u{1B}[0m\u{1B}[1;34mtake\u{1B}[0m \u{1B}[33m3\u{1B}[0m"])
    #expect(screen.widths == [11])
  }
}

@Suite struct GhostTests {
  @Test func itStandsBehindTheCursor() {
    var picture = EditedPicture(EditedLine("ta"), prompt: "dsh> ")
    picture.ghost = "ke 3\ncount"
    let screen = LinePainter(width: 40, height: 10, usesColor: true).paint(picture)
    #expect(screen.rows == ["\u{1B}[1mdsh> \u{1B}[0mta\u{1B}[2mke 3 …\u{1B}[0m"])
    #expect(screen.cursorColumn == 7)
    // At the last column the cursor goes to the next row together with the ghost.
    let narrow = LinePainter(width: 8, height: 10, usesColor: true)
    picture.line = EditedLine("tak")
    picture.ghost = "e 3"
    let wrapped = narrow.paint(picture)
    #expect(wrapped.cursorRow == 1 && wrapped.cursorColumn == 0 && wrapped.rows.count == 2)
  }
}

@Suite struct ContinuationPromptsTests {
  @Test func onlyChangedLinesAreParsedAgain() {
    var prompts = ContinuationPrompts()
    var parsed = 0
    func update(_ text: String) -> [String] {
      prompts.update(for: text) {
        parsed += 1
        return completeness(of: $0)
      }
    }
    #expect(update("range 5 |\nfilter (id\n> 3)") == ["|..> ", "(..> "])
    #expect(parsed == 2)
    #expect(update("range 5 |\nfilter (id\n> 34)") == ["|..> ", "(..> "])
    #expect(parsed == 2)
    #expect(update("range 5 |\nfilter (id + (\n3 > 4)\n") == ["|..> ", "(..> ", "(..> "])
    #expect(parsed == 4)
    #expect(update("x") == [])
  }
}

@Suite struct ScreenUpdateTests {
  /// Any sequence of repaints leaves exactly the last text on the terminal, the cursor where it belongs.
  @Test(arguments: [40, 80, 200]) func repaints(width: Int) {
    var terminal = Screen(width: width)
    var before: PaintedScreen?
    var generator = SystemRandomNumberGenerator()
    for step in 0..<300 {
      let length = Int.random(in: 0...250, using: &generator)
      let text = String((0..<length).map { $0 % 37 == 36 ? "\n" : Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
      let menu = step % 3 == 0 ? ["one", "two"] : []
      let new = paint(text, cursor: Int.random(in: 0...length, using: &generator), width: width, menu: menu)
      terminal.feed(screenUpdate(from: before, to: new))
      before = new
      #expect(terminal.text == Screen.trimmed(new.rows), "step \(step)")
      #expect(terminal.row == new.cursorRow)
      #expect(terminal.column == new.cursorColumn)
    }
    if let before { terminal.feed(screenErasure(of: before)) }
    #expect(terminal.text == [])
  }

  @Test func reflow() {
    let screen = paint(String(repeating: "x", count: 90), width: 80)
    #expect(screen.cursorRow == 1)
    let narrow = reflowed(screen, width: 50)
    #expect(narrow.cursorRow == 2)
    #expect(narrow.cursorColumn == 15)
    #expect(reflowed(screen, width: 100) == screen)
  }
}

extension Screen {
  static func trimmed(_ rows: [String]) -> [String] {
    var terminal = Screen(width: 1000)
    for (index, row) in rows.enumerated() { terminal.feed((index > 0 ? "\r\n" : "") + row) }
    return terminal.text
  }
}
