// Searching the history while typing: pure, keys in, decisions out.

/// A search through the history, newest match first.
struct HistorySearch {
  /// What ends a search, or goes on with it.
  enum Outcome: Hashable {
    case searching
    /// Nothing to do but ring.
    case refused
    /// The match becomes the line, to be edited; the key that ended the search is handled once more if given.
    case edit(String, then: InputUnit?)
    case run(String)
    /// The line from before the search comes back.
    case abandoned
  }

  private let history: History
  private(set) var query = ""
  private(set) var matches: [String]
  private(set) var index = 0

  init(_ history: History) {
    self.history = history
    matches = history.matches(of: "")
  }

  /// The statement found; nil if nothing matches.
  var match: String? { matches.indices.contains(index) ? matches[index] : nil }

  /// What stands before the match: `search 2/7 'delay': `
  var prompt: String {
    let place = matches.isEmpty ? "no match" : "\(index + 1)/\(matches.count)"
    return "search \(place) '\(query)': "
  }

  mutating func handle(_ unit: InputUnit) -> Outcome {
    switch unit {
    case .paste(let text): return look(for: query + text)
    case .sequence(let sequence):
      switch sequence {
      case "\u{1B}[A": return step(1)
      case "\u{1B}[B": return step(-1)
      case "\u{1B}[C": return .edit(match ?? "", then: nil)
      default: return .edit(match ?? "", then: unit)
      }
    case .character(let character):
      switch character {
      case "\u{12}", "\u{10}": return step(1)
      case "\u{13}", "\u{0E}": return step(-1)
      case "\r", "\n": return match.map { .run($0) } ?? .refused
      case "\t": return .edit(match ?? "", then: nil)
      case "\u{07}", "\u{03}", "\u{1B}": return .abandoned
      case "\u{08}", "\u{7F}": return look(for: String(query.dropLast()))
      default: return character.value < 0x20 ? .edit(match ?? "", then: unit) : look(for: query + String(character))
      }
    }
  }

  private mutating func look(for query: String) -> Outcome {
    self.query = query
    matches = history.matches(of: query)
    index = 0
    return matches.isEmpty ? .refused : .searching
  }

  private mutating func step(_ distance: Int) -> Outcome {
    guard matches.indices.contains(index + distance) else { return .refused }
    index += distance
    return .searching
  }
}
