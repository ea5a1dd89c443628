// Decides what the keys do that dsh handles itself: pure, key in, action out.

import DshLanguage

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
  case complete, search, clearScreen, suspend, paste, editExternally
  /// There is nothing that the key could do.
  case refuse
}

/// The editor's memory between keys: the history and the place in it, the list of completions, the suggestion, what can be undone.
struct EditorModel {
  var history: History
  private(set) var menu: CompletionMenu?
  private(set) var suggestion = Suggestion()
  private var undoHistory = UndoHistory()

  init(history: History = History()) { self.history = history }

  /// A new statement begins; one may be suggested from the start.
  mutating func begin(offering statement: String? = nil) {
    menu = nil
    suggestion.begin(offering: statement)
    undoHistory.reset()
  }

  /// Shows a list of completions; the line is the one the list belongs to.
  mutating func open(_ menu: CompletionMenu) { self.menu = menu }

  /// A key that libedit handles closes the list, with what was chosen standing in the line.
  mutating func closeMenu() { menu = nil }

  /// Takes notice of the line before it is painted.
  mutating func note(_ line: EditedLine, suggests: Bool, fits: (String) -> Bool) {
    if menu == nil { undoHistory.note(line) }
    if suggests, menu == nil { suggestion.update(for: line, history: history, fits: fits) } else { suggestion.clear() }
  }

  mutating func handle(_ key: EditorKey, _ line: EditedLine, completeness: (String) -> Completeness) -> EditorAction {
    if var menu {
      self.menu = nil
      if let action = handle(key, in: &menu) { return action }
    }
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
    case .right: return suggestion.accepted(behind: line).map { .show($0) } ?? changed(line, line.movedRight())
    case .wordLeft: return changed(line, line.movedWordLeft())
    case .wordRight: return suggestion.acceptedWord(behind: line).map { .show($0) } ?? changed(line, line.movedWordRight())
    case .backspace: return changed(line, line.deletingBackward())
    case .delete: return changed(line, line.deletingForward())
    case .home: return changed(line, line.movedToLineStart())
    case .end: return suggestion.accepted(behind: line).map { .show($0) } ?? changed(line, line.movedToLineEnd())
    case .complete, .completeBackward: return .complete
    case .search: return .search
    case .clearScreen: return .clearScreen
    case .suspend: return .suspend
    case .paste: return .paste
    case .externalEditor: return .editExternally
    case .undo: return undoHistory.undo().map { .show($0) } ?? .refuse
    case .dismiss: return .nothing
    }
  }

  /// What a key does while completions are shown; nil if it closes the list and does what it always does.
  private mutating func handle(_ key: EditorKey, in menu: inout CompletionMenu) -> EditorAction? {
    switch key {
    case .complete: menu.step(1)
    case .completeBackward: menu.step(-1)
    case .down: menu.step(1)
    case .up where menu.selection != nil: menu.step(-1)
    case .enter where menu.selection != nil, .right where menu.selection != nil: return .show(menu.accepted)
    case .dismiss: return .show(menu.typed)
    default: return nil
    }
    self.menu = menu
    return .show(menu.line)
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
