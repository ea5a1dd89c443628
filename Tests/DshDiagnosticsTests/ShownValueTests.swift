// Values in messages are cut at a character, wherever their bytes lie.

import Testing

@testable import DshDiagnostics

@Suite struct ShownValueTests {
  @Test(arguments: ["", "short", String(repeating: "x", count: 80), String(repeating: "é", count: 40)])
  func shortOnesStay(value: String) { #expect(Diagnostic.shown(value) == value) }

  @Test(arguments: ["x", "é", "€", "😀", "e\u{301}"]) func longOnesAreCut(part: String) {
    for lead in ["", "a", "ab", "abc"] {
      let value = lead + String(repeating: part, count: 1000)
      let shown = Diagnostic.shown(value)
      #expect(shown.utf8.count <= 80 + 3 && shown.hasSuffix("…") && !shown.unicodeScalars.contains("\u{FFFD}"))
      #expect(value.utf8.starts(with: shown.utf8.dropLast(3)))
    }
    // One character of many bytes.
    #expect(Diagnostic.shown("a" + String(repeating: "\u{301}", count: 1000)).utf8.count <= 80 + 3)
  }

  @Test func errorsAreBounded() {
    let long = String(repeating: "x", count: 1_000_000)
    let error = Diagnostic(.wrongType, long, suggestion: .words(long), notes: [long, "short"])
    #expect(error.rendered(in: nil).utf8.count < 3 * 5000)
    #expect(error.bounded.notes[1] == "short" && error.bounded.bounded == error.bounded)
  }
}
