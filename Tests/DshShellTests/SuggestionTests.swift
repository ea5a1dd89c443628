// Ghost text: which statement is suggested, and how much of it is taken.

import Testing

@testable import DshShell

@Suite struct SuggestionTests {
  private let history = History(["filter a > 1", "take 5", "filter b > 1 | take", "filter zzz", "read x |\nfilter y"])

  private func suggestion(_ text: String, cursor: Int? = nil, fits: @escaping (String) -> Bool = { _ in true }) -> (Suggestion, EditedLine)
  {
    var suggestion = Suggestion()
    let line = EditedLine(text, cursor: cursor)
    suggestion.update(for: line, history: history, fits: fits)
    return (suggestion, line)
  }

  @Test func theNewestThatFits() {
    let (all, line) = suggestion("fil")
    #expect(all.rest(behind: line) == "ter zzz")
    let (fitting, _) = suggestion("fil") { !$0.contains("zzz") }
    #expect(fitting.statement == "filter b > 1 | take")
    #expect(suggestion("fil") { _ in false }.0.statement == nil)
  }

  @Test func onlyAtTheEndOfText() {
    #expect(suggestion("fil", cursor: 1).0.statement == nil)
    #expect(suggestion("").0.statement == nil)
    #expect(suggestion(" fil").0.statement == nil)
    #expect(suggestion("take 5").0.statement == nil)
  }

  @Test func aStatementMayBeOffered() {
    var suggestion = Suggestion()
    suggestion.begin(offering: "filter amount > 1")
    for text in ["", "fi", "filter am"] {
      let line = EditedLine(text)
      suggestion.update(for: line, history: history) { _ in true }
      #expect(text + suggestion.rest(behind: line) == "filter amount > 1")
    }
    // What goes another way is as if nothing had been offered.
    suggestion.update(for: EditedLine("ta"), history: history) { _ in true }
    #expect(suggestion.statement == "take 5")
    suggestion.begin(offering: nil)
    suggestion.update(for: EditedLine(""), history: history) { _ in true }
    #expect(suggestion.statement == nil)
  }

  @Test func itStaysWhileItHolds() {
    var suggestion = Suggestion()
    suggestion.update(for: EditedLine("filter b"), history: history) { _ in true }
    var asked = 0
    suggestion.update(for: EditedLine("filter b >"), history: history) { _ in
      asked += 1
      return true
    }
    #expect(asked == 0 && suggestion.statement == "filter b > 1 | take")
  }

  @Test func wordByWord() {
    var (suggestion, line) = suggestion("filter b")
    var words: [String] = []
    while let next = suggestion.acceptedWord(behind: line) {
      words.append(next.text)
      line = next
      suggestion.update(for: line, history: history) { _ in true }
    }
    #expect(words == ["filter b > 1", "filter b > 1 | take"])
    let (several, start) = self.suggestion("read x")
    #expect(several.accepted(behind: start) == EditedLine("read x |\nfilter y"))
  }

  @Test func candidatesAreLimited() {
    let long = History((0..<5000).map { "filter column_\($0)" })
    var suggestion = Suggestion()
    var asked = 0
    suggestion.update(for: EditedLine("filter "), history: long) { _ in
      asked += 1
      return false
    }
    #expect(asked == Suggestion.candidateLimit)
  }
}
