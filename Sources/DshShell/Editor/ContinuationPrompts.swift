// What stands before the lines of a statement, remembered from key to key because each takes a parse of the text before it.

import DshLanguage

/// The prompts of the lines behind the first.
struct ContinuationPrompts {
  /// Above this size the prompts don't say what is open.
  static let limitBytes = 16 << 10

  private var prefixes: [Substring] = []
  private var prompts: [String] = []

  /// The prompts of the lines 1, 2, … of a text.
  mutating func update(for text: String, completeness: (String) -> Completeness) -> [String] {
    var prefixes: [Substring] = []
    var index = text.utf8.startIndex
    while let newline = text.utf8[index...].firstIndex(of: UInt8(ascii: "\n")) {
      prefixes.append(text[..<newline])
      index = text.utf8.index(after: newline)
    }
    guard text.utf8.count <= Self.limitBytes else {
      self.prefixes = []
      return prefixes.map { _ in continuationPrompt(open: nil) }
    }
    var known = 0
    while known < min(prefixes.count, self.prefixes.count), prefixes[known] == self.prefixes[known] { known += 1 }
    prompts.removeSubrange(known...)
    for prefix in prefixes[known...] {
      var symbol: Character?
      if case .incomplete(let open) = completeness(String(prefix)) { symbol = open.symbol }
      prompts.append(continuationPrompt(open: symbol))
    }
    self.prefixes = prefixes
    return prompts
  }
}
