// Markdown as HTML, and what no page may hold.

import DshDiagnostics
import Foundation
import Testing

@testable import DshReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct MarkdownTests {
  @Test(
    arguments: [
      ("# A *b*", "<h1>A <em>b</em></h1>\n"), ("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n"),
      ("- a\n- **b**\n  more\n- c", "<ul><li>a</li><li><strong>b</strong>\nmore</li><li>c</li></ul>\n"),
      ("1. a\n2. b\n- c", "<ol><li>a</li><li>b</li></ol>\n<ul><li>c</li></ul>\n"), ("> q\n> r", "<blockquote><p>q\nr</p>\n</blockquote>\n"),
      ("`a*b*` and `<`", "<p><code>a*b*</code> and <code>&lt;</code></p>\n"), ("an odd ` and *", "<p>an odd ` and *</p>\n"),
      ("[x](https://a.b/c?d=1&e) [y](javascript:alert(1))", "<p><a href=\"https://a.b/c?d=1&amp;e\">x</a> y)</p>\n"),
      ("```dsh\na <b>\n\n# c\n```\nd", "<pre><code>a &lt;b&gt;\n\n# c</code></pre>\n<p>d</p>\n"), ("---", "<hr/>\n"),
      ("| a | b |\n|---|--:|\n| 1 | `|` |", nil),
      ("| a |\n|---|\n| 1 |", "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>\n"),
      ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"), ("#no heading", "<p>#no heading</p>\n"),
      ("```\nopen", "<pre><code>open</code></pre>\n"),
    ] as [(String, String?)])
  func blocks(text: String, html: String?) {
    let found = Markdown(text).html
    if let html { #expect(found == html) }
    #expect(isWellFormed(found), "\(found)")
  }

  private func isWellFormed(_ html: String) -> Bool { XMLParser(data: Data("<all>\(html)</all>".utf8)).parse() }

  @Test func randomTextEndsAndIsWellFormed() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "#", " ", "\n", "-", "*", "**", "`", "```", "[", "](", ")", "|", "|-|", "> ", "1. ", "a", "<", "&", "é", "\u{1B}", "\u{FFFF}",
    ]
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let html = Markdown(text).html
      #expect(isWellFormed(html), "\(text.debugDescription) became \(html)")
      #expect(html.count < 40 * text.count + 100)
    }
  }

  @Test func proseIsWhatStandsInComments() {
    let sections = ScriptSections(
      SourceText(
        name: "s",
        text: "#!/usr/bin/env dsh\n# # Title\n#\n# Some *prose*.\n\nx = range 3  # no prose\n# More.\nx | take 1; x | count\n\n# End.\n"))
    #expect(sections.statements == ["x = range 3", "x | take 1", "x | count"])
    #expect(sections.prose == ["# Title\n\nSome *prose*.", "More.", "", "End."])
  }
}
