// The editor without a terminal: keys, decoding, pastes, history, completion.

import DshLanguage
import Glibc
import Testing

@testable import DshShell

@Suite struct EditorModelTests {
  private func action(_ key: EditorKey, _ line: EditedLine) -> EditorAction {
    var model = EditorModel(history: History(["one", "two\nlines"]))
    return model.handle(key, line) { DshLanguage.completeness(of: $0) }
  }

  @Test func enterRunsWhatIsWhole() {
    #expect(action(.enter, EditedLine("take 3")) == .accept("take 3"))
    #expect(action(.enter, EditedLine("")) == .accept(""))
    #expect(action(.enter, EditedLine("take 3", cursor: 2)) == .accept("take 3"))
  }

  @Test func enterContinuesWhatIsOpen() {
    #expect(action(.enter, EditedLine("filter (a")) == .show(EditedLine("filter (a\n")))
    #expect(action(.enter, EditedLine("take 3 |")) == .show(EditedLine("take 3 |\n")))
    #expect(action(.enter, EditedLine("filter a == \"x")) == .show(EditedLine("filter a == \"x\n")))
  }

  @Test func anEmptyLineRunsWhatIsOpen() {
    #expect(action(.enter, EditedLine("filter (a\n")) == .accept("filter (a\n"))
    #expect(action(.enter, EditedLine("filter a == \"x\n")) == .show(EditedLine("filter a == \"x\n\n")))
  }

  @Test func controlD() {
    #expect(action(.endOfFile, EditedLine("")) == .end)
    #expect(action(.endOfFile, EditedLine("ab", cursor: 0)) == .show(EditedLine("b", cursor: 0)))
    #expect(action(.endOfFile, EditedLine("ab")) == .nothing)
  }

  @Test func controlCKeepsTheTextWithinReach() {
    var model = EditorModel()
    #expect(model.handle(.interrupt, EditedLine("half a thou")) { _ in .complete } == .discard)
    #expect(model.handle(.up, EditedLine("")) { _ in .complete } == .show(EditedLine("half a thou")))
  }

  @Test func upAndDownGoByLineFirst() {
    var model = EditorModel(history: History(["one", "two\nlines"]))
    func press(_ key: EditorKey, _ line: EditedLine) -> EditorAction { model.handle(key, line) { _ in .complete } }
    #expect(press(.up, EditedLine("draft")) == .show(EditedLine("two\nlines")))
    #expect(press(.up, EditedLine("two\nlines")) == .show(EditedLine("two\nlines", cursor: 3)))
    #expect(press(.up, EditedLine("two\nlines", cursor: 3)) == .show(EditedLine("one")))
    #expect(press(.up, EditedLine("one")) == .nothing)
    #expect(press(.down, EditedLine("one")) == .show(EditedLine("two\nlines")))
    #expect(press(.down, EditedLine("two\nlines")) == .show(EditedLine("draft")))
    #expect(press(.down, EditedLine("draft")) == .nothing)
  }

  @Test func undoTakesBackWholeWords() {
    var model = EditorModel()
    var text = ""
    for character in "take 30" {
      text.append(character)
      model.note(EditedLine(text), suggests: false) { _ in false }
    }
    func undo() -> EditorAction { model.handle(.undo, EditedLine(text)) { _ in .complete } }
    #expect(undo() == .show(EditedLine("take ")))
    #expect(undo() == .show(EditedLine("take")))
    #expect(undo() == .show(EditedLine("")))
    #expect(undo() == .refuse)
  }

  @Test func wordWise() {
    let text = "filter 日本_x > 3"
    #expect(EditedLine(text).movedWordLeft() == EditedLine(text, cursor: text.utf8.count - 1))
    #expect(EditedLine(text, cursor: 0).movedWordRight() == EditedLine(text, cursor: 6))
    #expect(EditedLine(text, cursor: 6).movedWordRight() == EditedLine(text, cursor: 15))
    #expect(EditedLine(text, cursor: 15).movedWordLeft() == EditedLine(text, cursor: 7))
    #expect(EditedLine("").movedWordLeft() == EditedLine("") && EditedLine("").movedWordRight() == EditedLine(""))
  }

  @Test func everyKeyHasItsOwnSign() {
    #expect(Set(EditorKey.allCases.map(\.scalar)).count == EditorKey.allCases.count)
    #expect((EditorKey.allCases.map(\.scalar) + BuiltInKey.all.map(\.scalar)).allSatisfy { (0x80..<0xA0).contains($0.value) })
    let controls = EditorKey.allCases.flatMap { $0.controls + $0.emacsControls }
    #expect(Set(controls).count == controls.count)
  }

  @Test func characterWise() {
    let family = "a👨‍👩‍👧e\u{301}"
    #expect(EditedLine(family).deletingBackward().text == "a👨‍👩‍👧")
    #expect(EditedLine(family).movedLeft().movedLeft() == EditedLine(family, cursor: 1))
    #expect(EditedLine(family, cursor: 1).movedRight() == EditedLine(family, cursor: family.utf8.count - 3))
    #expect(EditedLine(family, cursor: 1).deletingForward().text == "ae\u{301}")
  }

  @Test func lineWiseInColumns() {
    let text = "日本語\nabcdef\nx"
    #expect(EditedLine(text, cursor: 6).movedDown() == EditedLine(text, cursor: 14))
    #expect(EditedLine(text, cursor: 14).movedUp() == EditedLine(text, cursor: 6))
    #expect(EditedLine(text, cursor: 14).movedDown() == EditedLine(text, cursor: text.utf8.count))
    #expect(EditedLine(text, cursor: 14).movedToLineStart() == EditedLine(text, cursor: 10))
    #expect(EditedLine(text, cursor: 14).movedToLineEnd() == EditedLine(text, cursor: 16))
  }
}

@Suite struct InputDecoderTests {
  private func decode(_ pieces: [[UInt8]]) -> [InputUnit] {
    var decoder = InputDecoder()
    var units: [InputUnit] = []
    for piece in pieces {
      decoder.feed(piece)
      while let unit = decoder.next() { units.append(unit) }
    }
    return units
  }

  @Test func everySplitGivesTheSame() {
    let bytes = Array("aé日\u{1B}[A\u{1B}[1;5D\u{1B}[200~two\nlines\u{1B}[x\u{1B}[201~z".utf8)
    let whole = decode([bytes])
    #expect(
      whole == [
        .character("a"), .character("é"), .character("日"), .sequence("\u{1B}[A"), .sequence("\u{1B}[1;5D"), .paste("two\nlines\u{1B}[x"),
        .character("z"),
      ])
    for split in 1..<bytes.count where bytes[split - 1] != 0x1B {
      #expect(decode([Array(bytes[..<split]), Array(bytes[split...])]) == whole, "split at \(split)")
    }
  }

  @Test func invalidBytesAreDropped() {
    #expect(decode([[0xFF, 0x61, 0xC3, 0x28, 0xE3, 0x81]]) == [.character("a"), .character("(")])
    #expect(decode([[0xE3], [0x81], [0x82]]) == [.character("あ")])
  }

  @Test func altWithEnterAndBackspaceAreKeys() {
    #expect(decode([[0x1B, 0x0D]]) == [.sequence("\u{1B}\r")])
    #expect(decode([[0x1B, 0x7F]]) == [.sequence("\u{1B}\u{7F}")])
  }

  @Test func escapeAlone() {
    #expect(decode([[0x1B]]) == [.character("\u{1B}")])
    #expect(decode([[0x1B, 0x62]]) == [.character("\u{1B}"), .character("b")])
    #expect(decode([[0x1B, 0x4F, 0x41]]) == [.sequence("\u{1B}[A")])
  }

  @Test func anyBytesAreHarmless() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let bytes: [UInt8] = (0..<60).map { _ in
        ([0x1B, 0x5B, 0x7E, 0x32, 0x30, 0x31, 0xE3, 0x81, 0x61] as [UInt8]).randomElement(using: &generator) ?? 0
      }
      _ = decode([bytes])
    }
  }
}

@Suite struct PastedTextTests {
  @Test func transcriptsLoseTheirPrompts() {
    #expect(cleanedPaste("dsh> read s.csv\n_1 = s.csv\ndsh> filter (a\n(..>   > 3)\nrows\n") == "read s.csv\nfilter (a\n  > 3)")
  }

  @Test func lineEndsAndControls() {
    #expect(cleanedPaste("a\r\nb\rc\u{1B}[31md\u{7}") == "a\nb\nc[31md")
  }
}

@Suite struct HistorySearchTests {
  private let history = History(["read a.csv", "filter x > 1", "take 5", "filter y > 2"])

  @Test func newestFirst() {
    var search = HistorySearch(history)
    for character in "FIL".unicodeScalars { #expect(search.handle(.character(character)) == .searching) }
    #expect(search.match == "filter y > 2")
    #expect(search.prompt == "search 1/2 'FIL': ")
    #expect(search.handle(.character("\u{12}")) == .searching)
    #expect(search.match == "filter x > 1")
    #expect(search.handle(.character("\u{12}")) == .refused)
    #expect(search.handle(.character("\r")) == .run("filter x > 1"))
  }

  @Test func leaving() {
    var search = HistorySearch(history)
    #expect(search.handle(.character("ē")) == .refused)
    #expect(search.match == nil)
    #expect(search.handle(.character("\u{7F}")) == .searching)
    #expect(search.handle(.character("\u{7}")) == .abandoned)
    #expect(search.handle(.sequence("\u{1B}[C")) == .edit("filter y > 2", then: nil))
    #expect(search.handle(.sequence("\u{1B}[D")) == .edit("filter y > 2", then: .sequence("\u{1B}[D")))
  }
}

@Suite struct HistoryFileTests {
  @Test func coding() {
    for text in ["take 3", "a |\nb", "r'\\n'\n\\", "日本\r\n"] {
      let line = HistoryFile.encode(text)
      #expect(!line.contains("\n"))
      #expect(HistoryFile.decode(line) == text)
    }
  }

  @Test func anUnendedLastLineStays() throws {
    let path = "/tmp/dsh-history-\(getpid())"
    defer { unlink(path) }
    let file = HistoryFile(path: path)
    try file.append("take 1")
    // As an editor may leave it.
    #expect(truncate(path, 6) == 0)
    try file.append("take 2")
    #expect(file.load() == ["take 1", "take 2"])
  }

  @Test func places() {
    #expect(HistoryFile.standardPath(stateHome: "/s", home: "/h") == "/s/dsh/history")
    #expect(HistoryFile.standardPath(stateHome: nil, home: "/h") == "/h/.local/state/dsh/history")
    #expect(HistoryFile.standardPath(stateHome: "relative", home: nil) == nil)
  }
}
