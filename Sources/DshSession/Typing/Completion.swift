// What may come next in a text being typed, best first, with a few words on each.

import DshDiagnostics
import DshLanguage

/// One possible completion.
public struct Completion: Sendable, Hashable {
  /// What replaces the word typed so far.
  public var text: String
  /// A few words on what it is.
  public var description: String
  /// What is compared with what was typed: the text without quotes.
  var key: String

  init(_ text: String, _ description: String, key: String? = nil) {
    self.text = text
    self.description = description
    self.key = key ?? text
  }
}

/// The completions at a place.
public struct Completions: Sendable, Hashable {
  /// The bytes they replace.
  public var range: Range<Int>
  /// Best first.
  public var items: [Completion]
  /// Whether they begin with what was typed; if not, they only resemble it.
  public var isExact: Bool
}

extension Session {
  /// Longer lists are of files, which have one name each.
  private static let uniqueLimit = 2000

  /// The completions at a byte offset. Runs nothing; files that the text names are sampled for their columns.
  public func completions(in text: String, at offset: Int) -> Completions {
    let position = completionPosition(in: text, at: offset)
    let range = position.range.start..<position.range.end
    let all = candidates(position)
    let typed = position.partial
    let bare = String(typed.drop { "\"'`".contains($0) })
    let beginning = bare.isEmpty ? all : all.filter { $0.key.hasPrefix(bare) || $0.text.hasPrefix(typed) }
    if !beginning.isEmpty { return Completions(range: range, items: unique(beginning), isExact: true) }
    let lowered = bare.lowercased()
    let ignoringCase = all.filter { $0.key.lowercased().hasPrefix(lowered) }
    if !ignoringCase.isEmpty { return Completions(range: range, items: unique(ignoringCase), isExact: true) }
    let alike = all.compactMap { item in resemblance(of: item.key, to: lowered).map { (item, $0) } }.sorted { $0.1 < $1.1 }
    return Completions(range: range, items: unique(alike.map(\.0)), isExact: false)
  }

  /// The same text under two headings is offered once.
  private func unique(_ items: [Completion]) -> [Completion] {
    if items.count > Self.uniqueLimit { return items }
    var seen: Set<String> = []
    return items.filter { seen.insert($0.text).inserted }
  }
}

/// How far a name is from what was typed, where the letters of that occur in it in order; nil where they don't.
///
/// A whole part of the name is nearest, then letters that stand close together near the start.
func resemblance(of name: String, to typed: String) -> Int? {
  if typed.isEmpty { return nil }
  let letters = Array(name.lowercased())
  let wanted = Array(typed)
  if let start = letters.indices.first(where: { letters[$0...].starts(with: wanted) }) { return start }
  var next = 0
  var first: Int?
  for (index, letter) in letters.enumerated() where next < wanted.count && letter == wanted[next] {
    first = first ?? index
    next += 1
    if next == wanted.count { return 1000 + 10 * (index - (first ?? 0) + 1 - wanted.count) + (first ?? 0) }
  }
  return nil
}
