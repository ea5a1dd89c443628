// The list of completions below the line, and the choice in it: pure, keys in, lines out.

import DshDiagnostics
import DshRender

/// Completions that are shown, of which one may be chosen.
struct CompletionMenu: Hashable {
  private(set) var items: [CompletionItem]
  /// The bytes of the line that a completion replaces.
  private let range: Range<Int>
  /// The line as it was typed.
  let typed: EditedLine
  /// The item that stands in the line; nil while they are only looked at.
  private(set) var selection: Int?

  /// - Parameter range: the bytes of `typed` that a completion replaces.
  init(_ items: [CompletionItem], replacing range: Range<Int>, in typed: EditedLine) {
    self.items = items
    self.range = range
    self.typed = typed
  }

  /// Chooses the item after, or before, the one chosen; from the last on to the first.
  mutating func step(_ distance: Int) {
    guard !items.isEmpty else { return }
    guard let selection else {
      selection = distance > 0 ? 0 : items.count - 1
      return
    }
    self.selection = (selection + distance + items.count) % items.count
  }

  /// The line with the chosen item in it.
  var line: EditedLine {
    guard let selection else { return typed }
    return typed.replacing(range, with: items[selection].text)
  }

  /// The line once the choice is made.
  var accepted: EditedLine {
    guard let selection else { return typed }
    return items[selection].completed(range, in: typed)
  }

  /// The list as rows `name  description`, cut to a width and a number of rows; the chosen one is always among them.
  func rows(width: Int, limit: Int) -> [MenuRow] {
    let limit = max(1, limit)
    let capacity = items.count <= limit ? items.count : max(1, limit - 1)
    // The window moves no further than the choice makes it.
    let first = min(max(0, (selection ?? 0) - capacity + 1), items.count - capacity)
    let shown = items[first..<first + capacity]
    let nameWidth = min(shown.reduce(0) { max($0, displayWidth($1.text)) }, max(8, width / 2))
    var rows = shown.enumerated().map { offset, item in
      let name = padded(cut(escapingControls(item.text), to: min(nameWidth, width - 1)), to: nameWidth)
      let room = width - 1 - displayWidth(name) - 2
      let description = room > 0 ? cut(escapingControls(item.description), to: room) : ""
      return MenuRow(name: name, description: description.isEmpty ? "" : "  " + description, isSelected: first + offset == selection)
    }
    if capacity < items.count {
      let place = selection.map { "\($0 + 1) of \(items.count)" } ?? "\(items.count - capacity) more"
      rows.append(MenuRow(name: "", description: cut("… \(place)", to: width - 1), isSelected: false))
    }
    return rows
  }
}

/// One row of the list.
struct MenuRow: Hashable {
  var name: String
  var description: String
  var isSelected: Bool

  /// The row as the terminal is sent it.
  func text(usesColor: Bool) -> String {
    guard usesColor else { return isSelected ? "> " + name + description : name + description }
    if isSelected { return "\u{1B}[7m\(name)\u{1B}[0m\(description)" }
    return name + (description.isEmpty ? "" : Style.dim.applied(to: description))
  }

  func width(usesColor: Bool) -> Int { displayWidth(name) + displayWidth(description) + (isSelected && !usesColor ? 2 : 0) }
}
