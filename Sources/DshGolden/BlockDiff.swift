// Shows how a statement's output differs from what the golden file says.

/// A unified diff of one block: place, statement, and lines with `-` (expected) and `+` (actual).
public struct BlockDiff {
  /// How many equal lines are shown around a difference.
  static let contextLines = 3

  private let result: BlockResult
  private let path: String

  public init(_ result: BlockResult, path: String) {
    self.result = result
    self.path = path
  }

  /// The lines without line ends.
  public func lines() -> [String] {
    let entries = self.entries()
    let statement = result.block.statement.split(separator: "\n", omittingEmptySubsequences: false)
    let input = statement.enumerated().map { ($0.offset == 0 ? "  dsh> " : "  ...> ") + $0.element }
    let differing = entries.indices.filter { entries[$0].mark != " " }
    guard let first = differing.first, let last = differing.last else { return ["\(path):\(result.block.line)"] + input }
    let shown = max(0, first - Self.contextLines)..<min(entries.count, last + Self.contextLines + 1)
    let expectedBefore = entries[..<shown.lowerBound].reduce(0) { $0 + $1.expectedCount }
    let actualBefore = entries[..<shown.lowerBound].reduce(0) { $0 + $1.actualCount }
    let expectedCount = entries[shown].reduce(0) { $0 + $1.expectedCount }
    let actualCount = entries[shown].reduce(0) { $0 + $1.actualCount }
    let start = result.block.expectedLine
    let range = "@@ -\(start + expectedBefore),\(expectedCount) +\(start + actualBefore),\(actualCount) @@"
    return ["\(path):\(result.block.line)"] + input + [range] + entries[shown].map { $0.mark + $0.text }
  }

  private struct Entry {
    var mark: String
    var text: String
    var expectedCount: Int
    var actualCount: Int
  }

  private func entries() -> [Entry] {
    var entries: [Entry] = []
    for step in result.steps {
      switch step {
      case .same(let expected, _): entries.append(Entry(mark: " ", text: result.block.expected[expected], expectedCount: 1, actualCount: 1))
      case .elided(let expected, let actual):
        entries.append(Entry(mark: " ", text: result.block.expected[expected], expectedCount: 1, actualCount: actual.count))
      case .missing(let expected): entries.append(Entry(mark: "-", text: result.block.expected[expected], expectedCount: 1, actualCount: 0))
      case .extra(let actual): entries.append(Entry(mark: "+", text: result.actual[actual].spelled, expectedCount: 0, actualCount: 1))
      }
    }
    return Self.showingBlanks(entries)
  }

  /// Where lines differ in nothing but white space, blanks are drawn as `·` and tabs as `→`.
  private static func showingBlanks(_ entries: [Entry]) -> [Entry] {
    let missing = Set(entries.filter { $0.mark == "-" }.map { withoutBlanks($0.text) })
    let extra = Set(entries.filter { $0.mark == "+" }.map { withoutBlanks($0.text) })
    let both = missing.intersection(extra)
    return entries.map { entry in
      guard entry.mark != " ", both.contains(withoutBlanks(entry.text)) else { return entry }
      var shown = entry
      shown.text = String(entry.text.map { $0 == " " ? "·" : $0 == "\t" ? "→" : $0 })
      return shown
    }
  }

  private static func withoutBlanks(_ text: String) -> String { text.filter { $0 != " " && $0 != "\t" && $0 != "␣" } }
}
