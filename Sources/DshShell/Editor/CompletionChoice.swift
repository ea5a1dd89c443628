// Decides what Tab does with the possible completions of a word.

import DshDiagnostics

/// One possible completion.
public struct CompletionItem: Sendable, Hashable {
  /// What replaces the word typed so far.
  public var text: String
  /// A few words on what it is.
  public var description: String

  public init(_ text: String, _ description: String = "") {
    self.text = text
    self.description = description
  }
}

/// The possible completions at a place, best first.
public struct CompletionList: Sendable, Hashable {
  /// The bytes that a completion replaces.
  public var range: Range<Int>
  public var items: [CompletionItem]

  public init(range: Range<Int>, items: [CompletionItem]) {
    self.range = range
    self.items = items
  }
}

/// What Tab does.
enum CompletionChoice: Hashable {
  case nothing
  /// The only completion, or what all have in common.
  case insert(EditedLine)
  /// Several; the line may have grown by what they have in common.
  case list(EditedLine, [CompletionItem])
}

/// A single completion is inserted, followed by a blank if it is a whole word at the end of a line; of several, the part they share.
func chooseCompletion(_ list: CompletionList, in line: EditedLine) -> CompletionChoice {
  guard let first = list.items.first else { return .nothing }
  if list.items.count == 1 {
    let isOpenEnded = first.text.last.map { "(/=[{,|.".contains($0) } ?? true
    let followsBlank = line.after.first.map { $0.isWhitespace } ?? false
    let completed = line.replacing(list.range, with: first.text + (isOpenEnded || followsBlank || !line.after.isEmpty ? "" : " "))
    return completed == line ? .nothing : .insert(completed)
  }
  var shared = first.text
  for item in list.items.dropFirst() {
    shared = String(zip(shared, item.text).prefix { $0 == $1 }.map(\.0))
  }
  let typed = String(decoding: line.text.utf8.prefix(list.range.upperBound).dropFirst(list.range.lowerBound), as: UTF8.self)
  let grows = shared.count > typed.count && shared.hasPrefix(typed)
  return .list(grows ? line.replacing(list.range, with: shared) : line, list.items)
}

/// The completions as lines `name  description`, cut to a width and a number of lines.
func completionRows(_ items: [CompletionItem], width: Int, limit: Int) -> [String] {
  let shown = items.count <= limit ? items.count : max(0, limit - 1)
  let nameWidth = min(items.prefix(shown).reduce(0) { max($0, displayWidth($1.text)) }, max(8, width / 2))
  var rows = items.prefix(shown).map { item in
    cut("\(padded(cut(escapingControls(item.text), to: nameWidth), to: nameWidth))  \(escapingControls(item.description))", to: width - 1)
  }
  if shown < items.count { rows.append(cut("… \(items.count - shown) more", to: width - 1)) }
  return rows
}
