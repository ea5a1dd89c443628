// Ghost text: the rest of a statement typed before that begins like the one being typed.

/// The statement suggested for what has been typed.
struct Suggestion: Hashable {
  /// More candidates are not looked at for one key: a fit that far back is luck.
  static let candidateLimit = 40

  /// The whole statement; nil if there is nothing to suggest.
  private(set) var statement: String?
  /// Suggested before anything is typed, and as long as what is typed begins like it.
  private var offered: String?

  /// A new statement begins.
  mutating func begin(offering statement: String?) {
    offered = statement
    self.statement = nil
  }

  /// Looks for the newest statement that goes on from a text and fits the data as it is now.
  ///
  /// A suggestion that still holds is kept, so that it does not flicker from key to key.
  mutating func update(for line: EditedLine, history: History, fits: (String) -> Bool) {
    if let offered, line.cursor == line.text.utf8.count, offered != line.text, offered.hasPrefix(line.text) {
      statement = offered
      return
    }
    guard line.cursor == line.text.utf8.count, !line.isBlank, !line.text.hasPrefix(" ") else {
      statement = nil
      return
    }
    if let statement, statement != line.text, statement.hasPrefix(line.text) { return }
    statement = nil
    var seen: Set<String> = []
    for entry in history.entries.reversed() where entry.utf8.count > line.text.utf8.count && entry.hasPrefix(line.text) {
      guard seen.insert(entry).inserted else { continue }
      if seen.count > Self.candidateLimit { return }
      if fits(entry) {
        statement = entry
        return
      }
    }
  }

  /// Forgets; what fits may be something else now.
  mutating func clear() { statement = nil }

  /// What is shown behind the text.
  func rest(behind line: EditedLine) -> String {
    guard let statement, line.cursor == line.text.utf8.count, statement.hasPrefix(line.text) else { return "" }
    return String(statement.dropFirst(line.text.count))
  }

  /// The line with everything suggested; nil if nothing is.
  func accepted(behind line: EditedLine) -> EditedLine? {
    rest(behind: line).isEmpty ? nil : statement.map { EditedLine($0) }
  }

  /// The line with the next word of what is suggested; nil if nothing is.
  func acceptedWord(behind line: EditedLine) -> EditedLine? {
    let rest = rest(behind: line)
    if rest.isEmpty { return nil }
    let start = rest.firstIndex { $0.isWordPart } ?? rest.endIndex
    let end = rest[start...].firstIndex { !$0.isWordPart } ?? rest.endIndex
    return line.inserting(String(rest[..<end]))
  }
}
