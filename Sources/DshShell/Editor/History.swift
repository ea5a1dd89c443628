// The statements typed before: walking through them, and searching.

/// Statements in the order in which they were typed, and where the person is among them.
struct History {
  private(set) var entries: [String]
  /// The entry shown; `entries.count` is the line being typed.
  private var position: Int
  /// Entries as edited while walking; forgotten when a statement is run.
  private var drafts: [Int: String] = [:]

  init(_ entries: [String] = []) {
    self.entries = entries
    position = entries.count
  }

  /// Adds a statement, unless it repeats the last, and returns to the end.
  mutating func add(_ statement: String) {
    if !statement.isEmpty, statement != entries.last { entries.append(statement) }
    position = entries.count
    drafts = [:]
  }

  /// The entry before the one shown; nil at the oldest.
  mutating func older(than shown: String) -> String? {
    guard position > 0 else { return nil }
    drafts[position] = shown
    position -= 1
    return drafts[position] ?? entries[position]
  }

  /// The entry after the one shown; nil at the line being typed.
  mutating func newer(than shown: String) -> String? {
    guard position < entries.count else { return nil }
    drafts[position] = shown
    position += 1
    return drafts[position] ?? (position < entries.count ? entries[position] : "")
  }

  /// The statements that contain a text, newest first, each once.
  func matches(of query: String) -> [String] {
    var seen: Set<String> = []
    let wanted = query.lowercased()
    return entries.reversed().filter { entry in
      (query.isEmpty || entry.contains(query) || entry.lowercased().contains(wanted)) && seen.insert(entry).inserted
    }
  }
}

extension String {
  fileprivate func contains(_ part: String) -> Bool {
    let wanted = Array(part.utf8)
    guard !wanted.isEmpty else { return true }
    var rest = utf8[...]
    while let first = rest.firstIndex(of: wanted[0]) {
      if rest[first...].starts(with: wanted) { return true }
      rest = rest[rest.index(after: first)...]
    }
    return false
  }
}
