// Prose is broken at blanks, and what is in columns stays there.
import DshDiagnostics
import Testing

@testable import DshRender

@Suite struct WrappedTextTests {
  @Test func atBlanks() {
    #expect(wrappedLines("one two three", width: 13) == ["one two three"])
    #expect(wrappedLines("one two three", width: 12) == ["one two", "three"])
    #expect(wrappedLines("one two three", width: 7, indent: 2) == ["one two", "  three"])
    #expect(wrappedLines("  one  two three", width: 10, indent: 2) == ["  one  two", "  three"])
    #expect(wrappedLines("", width: 5) == [""])
  }

  @Test func longWordsAndWideCharacters() {
    #expect(wrappedLines("abcdefgh ij", width: 4) == ["abcd", "efgh", "ij"])
    #expect(wrappedLines("数据集交互", width: 5) == ["数据", "集交", "互"])
    #expect(wrappedLines("a 数据集", width: 6, indent: 1) == ["a", " 数据", " 集"])
  }

  @Test func entriesKeepTheirColumn() {
    #expect(wrappedEntry("  Tab     completes what stands there", width: 26) == ["  Tab     completes what", "          stands there"])
    // Too narrow for two columns.
    #expect(wrappedEntry("  Ctrl-Right    a word on", width: 20) == ["  Ctrl-Right", "    a word on"])
    #expect(wrappedEntry("plain prose without columns", width: 20) == ["plain prose without", "columns"])
  }

  /// Whatever comes: no piece is too wide, and no word is lost or swapped.
  @Test func anyText() {
    var generator = SeededGenerator(seed: 1)
    let pieces = ["a", "word", " ", "  ", "         ", "数", "👩‍🔬", "e\u{301}", "a-very-long-word-of-many-letters", "|"]
    for _ in 0..<2000 {
      let line = (0..<Int.random(in: 0...20, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
      let width = Int.random(in: 4...30, using: &generator)
      let lines = wrappedLines(line, width: width, indent: Int.random(in: 0...2, using: &generator))
      #expect(lines.allSatisfy { displayWidth($0) <= width }, "\(line) at \(width): \(lines)")
      #expect(lines.joined().filter { $0 != " " } == line.filter { $0 != " " }, "\(line) at \(width): \(lines)")
    }
  }
}

/// A linear congruential generator (Knuth, MMIX): the same texts in every run.
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
}
