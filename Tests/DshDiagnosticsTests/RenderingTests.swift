// Errors as text, at any width.
import DshDiagnostics
import Testing

@Suite struct RenderingTests {
  private func rendered(_ line: String, _ marked: String, width: Int?, suggestion: Diagnostic.Suggestion? = didYouMean("amount"))
    -> [String]
  {
    let range = line.utf8.firstRange(of: Array(marked.utf8)) ?? line.utf8.startIndex..<line.utf8.startIndex
    let start = line.utf8.distance(from: line.utf8.startIndex, to: range.lowerBound)
    let error = Diagnostic(
      .unknownColumn, "no column", span: SourceSpan(start: start, end: start + marked.utf8.count), suggestion: suggestion)
    return error.rendered(in: SourceText(name: "dsh", text: line), width: width).split(separator: "\n").map(String.init)
  }

  @Test func whole() {
    #expect(
      rendered("filter amuont > 1", "amuont", width: nil) == [
        "error[unknown-column]: no column", " --> dsh:1:8", "  1 | filter amuont > 1",
        "    |        ^^^^^^ did you mean \"amount\"?",
      ])
  }

  @Test func suggestionOnALineOfItsOwn() {
    #expect(
      rendered("filter amuont > 1", "amuont", width: 30).suffix(3) == [
        "  1 | filter amuont > 1", "    |        ^^^^^^", "  did you mean \"amount\"?",
      ])
  }

  /// The mark stands under what it marks, whatever is cut away around it, and no line is too wide.
  @Test(arguments: [22, 30, 40, 80, 200]) func anyPlaceInALongLine(_ width: Int) {
    for before in [0, 1, 9, 40, 120, 400] {
      let line = String(repeating: "数x", count: before) + "@@@" + String(repeating: " tail", count: 60)
      let lines = rendered(line, "@@@", width: width)
      #expect(lines.allSatisfy { displayWidth($0) <= width || $0.hasPrefix("error") || $0.contains("did you mean") }, "\(width) \(before)")
      let shown = lines[2]
      guard let place = shown.firstRange(of: "@@@"), let caret = lines[3].firstIndex(of: "^") else {
        Issue.record("nothing marked: \(lines)")
        continue
      }
      #expect(displayWidth(String(shown[..<place.lowerBound])) == displayWidth(String(lines[3][..<caret])), "\(lines)")
      #expect(lines[3].filter { $0 == "^" }.count == 3)
    }
  }
}
