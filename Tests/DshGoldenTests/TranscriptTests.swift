// The pieces of the runner: transcripts, patterns, alignment, masks.

import DshColumns
import DshDiagnostics
import Testing

@testable import DshGolden

private func parse(_ text: String) throws -> Transcript { try Transcript(parsing: SourceText(name: "t.golden", text: text)) }

@Suite struct TranscriptTests {
  @Test func partsAndPlaces() throws {
    let transcript = try parse(
      """
      #: nodes=3 mask=time
      Prose.
      dsh> read s.csv
      _1 = s.csv
      dsh> filter (a
      (..>   > 3)
      |..> | take
      rows

      More prose.
      dsh> quit
      """)
    #expect(transcript.directives.session == ["nodes": "3"])
    #expect(transcript.directives.masks == [.time])
    #expect(transcript.blocks.map(\.statement) == ["read s.csv", "filter (a\n  > 3)\n| take", "quit"])
    #expect(transcript.blocks.map(\.line) == [3, 5, 11])
    #expect(transcript.blocks.map(\.expected) == [["_1 = s.csv"], ["rows"], []])
    #expect(transcript.blocks[1].expectedLine == 8)
  }

  @Test func writtenBackUnchanged() throws {
    for text in ["", "\n", "prose", "dsh> a\nb\n\n```\ndsh> c\nd\n```\nrest\n", "dsh> a", "#: nodes=1\n\n\n"] {
      #expect(try parse(text).text(expecting: parse(text).blocks.map(\.expected)) == text)
    }
  }

  @Test func codeFenceEndsOutput() throws {
    #expect(try parse("```\ndsh> a\nb\n```\nprose").blocks.first?.expected == ["b"])
  }

  @Test func badDirectives() {
    #expect(throws: Diagnostic.self) { try parse("#: nodes") }
    #expect(throws: Diagnostic.self) { try parse("#: mask=tine") }
    #expect(throws: Diagnostic.self) { try parse("dsh> a\n\n#: nodes=1") }
  }
}

@Suite struct LinePatternTests {
  private func line(_ text: String) -> ActualLine { ActualLine(text, .result) }

  @Test func wildcards() {
    #expect(LinePattern("a [..] c").matches(line("a bb c")))
    #expect(LinePattern("[..]").matches(line("")))
    #expect(LinePattern("a[..]b[..]c").matches(line("a1b2bc")))
    #expect(!LinePattern("a[..]a").matches(line("a")))
    #expect(!LinePattern("a").matches(line("ab")))
    #expect(LinePattern("").matches(line("")))
  }

  @Test func errors() {
    let source = SourceText(name: "dsh", text: "filter amout > 3")
    let error = ActualError(Diagnostic(.unknownColumn, "no column \"amout\"", span: SourceSpan(start: 7, end: 12)), in: source)
      .line
    #expect(error.text == "!error unknown-column 1:8 ~ no column \"amout\"")
    #expect(LinePattern("!error unknown-column 1:8").matches(error))
    #expect(LinePattern("!error unknown-column 1:8 ~ amout").matches(error))
    #expect(LinePattern("!error unknown-column 1:8 ~ no [..] \"amout").matches(error))
    #expect(!LinePattern("!error unknown-column 1:8 ~ no [..] amount").matches(error))
    #expect(!LinePattern("!error unknown-column 1:9").matches(error))
    #expect(!LinePattern("!error unknown-column").matches(error))
    #expect(!LinePattern("!error unknown-verb 1:8").matches(error))
    #expect(!LinePattern("!error unknown-column 1:8 ~ amount").matches(error))
    #expect(!LinePattern("[..]").matches(error))
  }
}

@Suite struct AlignmentTests {
  private func steps(_ expected: [String], _ actual: [String]) -> [AlignmentStep] {
    align(expected.map { LinePattern($0) }, actual.map { ActualLine($0, .result) })
  }

  @Test func elision() {
    #expect(
      steps(["a", "...", "d"], ["a", "b", "c", "d"]) == [
        .same(expected: 0, actual: 0), .elided(expected: 1, actual: 1..<3), .same(expected: 2, actual: 3),
      ])
    #expect(steps(["..."], []) == [.elided(expected: 0, actual: 0..<0)])
    #expect(steps(["...", "a", "..."], ["x", "a", "y"]).count == 3)
  }

  @Test func differences() {
    #expect(steps(["a", "b"], ["a", "c"]) == [.same(expected: 0, actual: 0), .missing(expected: 1), .extra(actual: 1)])
    #expect(steps([], ["c"]) == [.extra(actual: 0)])
  }
}

@Suite struct MaskTests {
  @Test func quantities() {
    #expect(Mask.time.applied(to: "2 blocks; 4.2 ms, 3 min 20 s") == "2 blocks; [TIME], [TIME] [TIME]")
    #expect(Mask.bytes.applied(to: "1,650 rows, 118 KiB pinned; 0 B moved") == "1,650 rows, [BYTES] pinned; [BYTES] moved")
    #expect(Mask.bytes.applied(to: "block 2 Bs") == "block 2 Bs")
    #expect(Mask.number.applied(to: "pid 41022") == "pid [NUMBER]")
    #expect(Mask.number.applied(to: "_2 on node1: 12 of 3,400") == "_2 on node1: [NUMBER] of [NUMBER],[NUMBER]")
  }
}
