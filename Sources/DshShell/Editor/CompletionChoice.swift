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

  /// The line with this in it, followed by a blank if it is a whole word at the end of a line.
  func completed(_ range: Range<Int>, in line: EditedLine) -> EditedLine {
    let isOpenEnded = text.last.map { "(/=[{,|.".contains($0) } ?? true
    let followsBlank = line.after.first.map { $0.isWhitespace } ?? false
    return line.replacing(range, with: text + (isOpenEnded || followsBlank || !line.after.isEmpty ? "" : " "))
  }
}

/// The possible completions at a place, best first.
public struct CompletionList: Sendable, Hashable {
  /// The bytes that a completion replaces.
  public var range: Range<Int>
  public var items: [CompletionItem]
  /// Whether they begin with what was typed; if not, they only resemble it, and none is inserted unasked.
  public var isExact: Bool

  public init(range: Range<Int>, items: [CompletionItem], isExact: Bool = true) {
    self.range = range
    self.items = items
    self.isExact = isExact
  }
}

/// What Tab does.
enum CompletionChoice: Hashable {
  case nothing
  /// The only completion, or what all have in common.
  case insert(EditedLine)
  /// Several; the line may have grown by what they have in common.
  case list(EditedLine, CompletionMenu)
}

/// A single completion is inserted; of several, the part they share, and the list is shown.
func chooseCompletion(_ list: CompletionList, in line: EditedLine) -> CompletionChoice {
  guard let first = list.items.first else { return .nothing }
  if list.items.count == 1, list.isExact {
    let completed = first.completed(list.range, in: line)
    return completed == line ? .nothing : .insert(completed)
  }
  guard list.isExact else { return .list(line, CompletionMenu(list.items, replacing: list.range, in: line)) }
  var sharedBytes = first.text.utf8.count
  let firstBytes = Array(first.text.utf8)
  for item in list.items.dropFirst() {
    var length = 0
    for byte in item.text.utf8 {
      if length == sharedBytes || byte != firstBytes[length] { break }
      length += 1
    }
    sharedBytes = length
  }
  // A character whose bytes are shared only in part is not.
  while sharedBytes > 0, sharedBytes < firstBytes.count, firstBytes[sharedBytes] & 0xC0 == 0x80 { sharedBytes -= 1 }
  let shared = String(decoding: firstBytes[..<sharedBytes], as: UTF8.self)
  let typed = String(decoding: line.text.utf8.prefix(list.range.upperBound).dropFirst(list.range.lowerBound), as: UTF8.self)
  let grows = shared.count > typed.count && shared.hasPrefix(typed)
  let grown = grows ? line.replacing(list.range, with: shared) : line
  let range = list.range.lowerBound..<(grows ? list.range.lowerBound + shared.utf8.count : list.range.upperBound)
  return .list(grown, CompletionMenu(list.items, replacing: range, in: grown))
}
