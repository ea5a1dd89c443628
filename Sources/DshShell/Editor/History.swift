// The statements typed before: walking through them, and searching.

/// Statements in the order in which they were typed, and where the person is among them.
struct History {
  private(set) var entries: [String]
  /// The entry shown; `entries.count` is the line being typed.
  private var position: Int
  /// Entries as edited while walking; forgotten when a statement is run.
  private var drafts: [Int: String] = [:]
  /// What stood in the line when the walk began: entries that begin with it are walked through.
  private var beginning = ""

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

  /// The nearest entry before the one shown that begins with what was typed before the walk; nil at the oldest.
  mutating func older(than shown: String) -> String? {
    // What was typed may be the beginning of nothing; then every entry is as good.
    if position == entries.count { beginning = entries.contains { $0.utf8.starts(with: shown.utf8) } ? shown : "" }
    guard let found = entries[..<position].lastIndex(where: { begins($0) && $0 != shown }) else { return nil }
    return move(to: found, from: shown)
  }

  /// The nearest such entry behind the one shown, in the end the line being typed; nil there.
  mutating func newer(than shown: String) -> String? {
    guard position < entries.count else { return nil }
    let found = entries[(position + 1)...].firstIndex { begins($0) && $0 != shown } ?? entries.count
    return move(to: found, from: shown)
  }

  private mutating func move(to place: Int, from shown: String) -> String {
    drafts[position] = shown
    position = place
    return drafts[place] ?? (place < entries.count ? entries[place] : "")
  }

  private func begins(_ entry: String) -> Bool { entry.utf8.starts(with: beginning.utf8) }

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
