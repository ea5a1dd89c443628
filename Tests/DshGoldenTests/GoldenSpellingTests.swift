// What is printed and what a golden file holds of it: nothing printed is taken for syntax, and nothing else matches it.

import DshDiagnostics
import DshSession
import Testing
import DshRender

@testable import DshGolden

@Suite struct GoldenSpellingTests {
  @Test(arguments: [
    ("plain", "plain"), ("...", "\\..."), ("\\...", "\\\\\\..."), ("....", "...."), ("a [..] b", "a \\[..] b"), ("\\[..]", "\\\\\\[..]"),
    ("C:\\new", "C:\\new"), ("!error x 1:1", "\\!error x 1:1"), ("!errors", "!errors"), ("", "(blank)"), ("(blank)", "\\(blank)"),
    ("  ", "␣␣"),
    ("a ␣", "a␣\\␣"), ("a\\ ", "a\\\\␣"), ("a\r", "a␍"), ("dsh> x", "\\dsh> x"), ("dsh>", "\\dsh>"), ("```", "\\```"), ("..> x", "\\..> x"),
    ("|..> x", "\\|..> x"), ("␣a", "␣a"),
  ])
  func spelled(text: String, expected: String) { #expect(GoldenSyntax.spelled(text).utf8.elementsEqual(expected.utf8)) }

  /// Random lines of what means something: each is read back as it was printed, and as nothing else.
  @Test func readBack() throws {
    let parts = [
      "...", "[..]", "!error", "(blank)", "␣", "␍", " ", "\r", "\\", "\\\\", "dsh>", "dsh> ", "```", "..> ", "..>", "x", "é", "e\u{301}",
      "#:",
    ]
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<20_000 {
      let text = (0..<next(6)).map { _ in parts[next(parts.count)] }.joined()
      let spelled = GoldenSyntax.spelled(text)
      #expect(LinePattern(spelled) == .text([Array(text.utf8)]), "\(text.debugDescription) as \(spelled.debugDescription)")
      let transcript = try Transcript(parsing: SourceText(name: "t.golden", text: "dsh> x\n\(spelled)\nend\n"))
      #expect(transcript.blocks.map(\.expected) == [[spelled, "end"]] && transcript.blocks.map(\.statement) == ["x"])
      #expect(!spelled.contains("\r\n") && spelled.utf8.last != UInt8(ascii: " "))
    }
  }

  @Test func wildcardsBesideEscapes() {
    func matches(_ pattern: String, _ text: String) -> Bool { LinePattern(pattern).matches(ActualLine(text, .result)) }
    #expect(matches("a \\[..] [..]", "a [..] b") && !matches("a \\[..] [..]", "a x b"))
    #expect(matches("\\\\[..]c", "\\abc") && !matches("\\\\[..]c", "[..]c"))
    #expect(matches("a[..]␣", "a b ") && !matches("a[..]␣", "a b"))
    #expect(matches("\\!error [..]", "!error x"))
  }

  @Test func bytesAreCompared() {
    #expect(!LinePattern("é").matches(ActualLine("e\u{301}", .result)))
    #expect(!LinePattern("a[..]é").matches(ActualLine("ab e\u{301}", .result)))
    #expect(!LinePattern("e[..]").matches(ActualLine("é", .result)))
    #expect(LinePattern("e[..]").matches(ActualLine("e\u{301}", .result)))
    #expect(!LinePattern("\u{212B}").matches(ActualLine("\u{C5}", .result)))
  }

  @Test func updatesWriteEscapes() throws {
    let printed = ["...", "a [..]", "!error bug 1:1 ~ no", "dsh> quit", "```", "", "(blank)", "end \r"]
    let bench = GoldenBench(["t/a.golden": "dsh> one\nold\n"])
    func output(_ lines: [String]) -> ScriptedSession.Answer {
      ([.text(.start), .text(.bytes(Array(lines.joined(separator: "\n").utf8))), .text(.end)], [])
    }
    bench.answer = { _, _ in output(printed) }
    #expect(try bench.run { $0.updates = true } == 0)
    #expect(
      bench.files["t/a.golden"]
        == "dsh> one\n\\...\na \\[..]\n\\!error bug 1:1 ~ no\n\\dsh> quit\n\\```\n(blank)\n\\(blank)\nend␣␍\n")
    #expect(try bench.run() == 0)
    for (index, other) in ["x", "a b", "!error bug 1:1 ~ yes", "x", "x", "x", "", "end "].enumerated() {
      bench.answer = { _, _ in output(printed.indices.map { $0 == index ? other : printed[$0] }) }
      #expect(try bench.run() == 1, "\(printed[index].debugDescription) is not \(other.debugDescription)")
    }
  }

  @Test func messagesOfErrorsAreEscaped() throws {
    let bench = GoldenBench(["t/a.golden": "dsh> one\n"])
    bench.answer = { _, _ in ([], [Diagnostic(.wrongType, "not [..]")]) }
    #expect(
      try bench.run {
        $0.updates = true
        $0.allowsStatusChange = true
      } == 0)
    #expect(bench.files["t/a.golden"] == "dsh> one\n!error wrong-type ~ not \\[..]\n")
    bench.answer = { _, _ in ([], [Diagnostic(.wrongType, "not this")]) }
    #expect(try bench.run() == 1)
  }

  @Test func theMatrixComparesBytes() throws {
    let bench = GoldenBench(["t/a.golden": "dsh> one\né\n"])
    bench.answer = { _, configuration in
      ([.text(.start), .text(.bytes(Array((configuration.settings["nodes"] == "2" ? "e\u{301}\n" : "é\n").utf8))), .text(.end)], [])
    }
    let matrix = try ConfigurationMatrix(parsing: ["nodes=1,2"])
    #expect(try bench.run { $0.matrix = matrix } == 1)
  }
}
