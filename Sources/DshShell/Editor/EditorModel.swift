// Decides what the keys do that dsh handles itself: pure, key in, action out.

import DshLanguage

/// The keys that are not left to libedit.
enum EditorKey: Int32, CaseIterable {
  case enter, newLine, interrupt, endOfFile, suspend, search, clearScreen, complete, up, down, left, right, backspace, delete, home, end,
    paste
}

/// What a key does.
enum EditorAction: Hashable {
  case nothing
  /// The line becomes this.
  case show(EditedLine)
  /// The statement is to be run; it may be blank.
  case accept(String)
  /// The line is dropped; a fresh prompt follows.
  case discard
  /// The person is done with the shell.
  case end
  case complete, search, clearScreen, suspend, paste
}

/// The editor's memory between keys: the history and the place in it.
struct EditorModel {
  var history: History

  init(history: History = History()) { self.history = history }

  mutating func handle(_ key: EditorKey, _ line: EditedLine, completeness: (String) -> Completeness) -> EditorAction {
    switch key {
    case .enter: return enter(line, completeness)
    case .newLine: return .show(line.inserting("\n"))
    case .interrupt:
      // The text stays within reach of Up, but is not kept in the history file.
      if !line.isBlank { history.add(line.text) }
      return .discard
    case .endOfFile: return line.text.isEmpty ? .end : changed(line, line.deletingForward())
    case .up:
      if let moved = line.movedUp() { return .show(moved) }
      return history.older(than: line.text).map { .show(EditedLine($0)) } ?? .nothing
    case .down:
      if let moved = line.movedDown() { return .show(moved) }
      return history.newer(than: line.text).map { .show(EditedLine($0)) } ?? .nothing
    case .left: return changed(line, line.movedLeft())
    case .right: return changed(line, line.movedRight())
    case .backspace: return changed(line, line.deletingBackward())
    case .delete: return changed(line, line.deletingForward())
    case .home: return changed(line, line.movedToLineStart())
    case .end: return changed(line, line.movedToLineEnd())
    case .complete: return .complete
    case .search: return .search
    case .clearScreen: return .clearScreen
    case .suspend: return .suspend
    case .paste: return .paste
    }
  }

  private func changed(_ old: EditedLine, _ new: EditedLine) -> EditorAction { old == new ? .nothing : .show(new) }

  /// Runs a whole statement, opens another line for an unfinished one. An empty line at the end of an unfinished statement runs it all
  /// the same, so that its error is told; inside quotes empty lines are text.
  private func enter(_ line: EditedLine, _ completeness: (String) -> Completeness) -> EditorAction {
    if line.isBlank { return .accept("") }
    guard case .incomplete(let open) = completeness(line.text) else { return .accept(line.text) }
    let isAtEnd = line.after.allSatisfy { $0.isWhitespace }
    if case .quote = open { return .show(line.inserting("\n")) }
    if isAtEnd, line.isOnBlankLine { return .accept(line.text) }
    return .show(line.inserting("\n"))
  }
}
