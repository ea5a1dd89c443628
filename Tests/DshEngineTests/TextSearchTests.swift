// What is found in all texts of a column at once is what is found in each; a regular expression never matches without what it requires.

import CDshKernels
import DshColumns
import Testing

@testable import DshEngine

@Suite struct TextSearchTests {
  @Test(arguments: FuzzSeeds.all) func agreesWithLookingAtEachText(seed: UInt64) throws {
    var random = SplitMix(seed: seed &+ 32)
    func text(_ lengths: ClosedRange<Int>) -> String {
      String((0..<Int.random(in: lengths, using: &random)).map { _ in "aaeexpß".randomElement(using: &random) ?? "a" })
    }
    for _ in 0..<80 {
      let values = (0..<Int.random(in: 0...200, using: &random)).map { _ in text(0...12) }
      let needle = text(0...4)
      let texts = column(.string, values.map { .string($0) })
      // A part of a column shares its bytes with what is before and behind it.
      let first = Int.random(in: 0...values.count, using: &random)
      let part = texts.slice(from: first, count: values.count - first)
      let contains = try CompiledExpression(try bind("contains(t, \"\(needle)\")", over: [Field("t", .string)]), inputs: [.string])
      let found = try contains.evaluate([part], rowCount: part.count)
      let bytes = Array(needle.utf8)
      for row in 0..<part.count {
        let held = Array(values[first + row].utf8)
        let expected =
          bytes.isEmpty
          || (held.count >= bytes.count && (0...held.count - bytes.count).contains { Array(held[$0..<$0 + bytes.count]) == bytes })
        #expect(found.value(at: row) == .bool(expected), "\(needle) in \(values[first + row])")
      }
    }
  }

  @Test(arguments: [
    ("special.*requests", ["requests"]), ("^ab+c$", ["ab"]), ("fur1|ir.*ages", ["fur1", "ages"]), ("colou?r", ["colo"]),
    ("[a-z]+ing", ["ing"]),
    ("(re)+do", ["do"]), ("a{3}bcd", ["bcd"]), ("größe.", ["größe"]), ("x\\.yz", ["yz"]), ("\\bword\\b", ["word"]), ("ab[]x]cd", ["ab"]),
  ]) func textsThatAPatternRequires(pattern: String, texts: [String]) { #expect(RequiredTexts.of(pattern) == texts) }

  @Test(arguments: [
    "(?i)abc", "a|bcd", "\\x41bc", "abc\\1", "\\Qa.b\\E", ".*", "", "ab|", "(a|b)(?=cd)", "[[:alpha:]]bcd", "abc)", "(*UTF)abc",
    "[\\Q]abc]\\E",
    "ab|cd|ef|gh|ij",
  ]) func whatIsNotPlainRequiresNothing(pattern: String) { #expect(RequiredTexts.of(pattern) == nil) }

  /// Patterns and texts of a few characters, so that many match.
  @Test(arguments: FuzzSeeds.all) func matchesHoldWhatIsRequired(seed: UInt64) throws {
    var random = SplitMix(seed: seed &+ 33)
    let pieces = ["a", "b", "ab", "ba", ".", "a*", "b?", "a+", "(ab)", "(a|b)", "[ab]", "[^a]", "|", "{2}", "\\w", "^", "$", "ab?"]
    for _ in 0..<300 {
      let pattern = (0..<Int.random(in: 1...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined()
      guard let required = RequiredTexts.of(pattern), let regex = try? Regex(pattern) else { continue }
      let matcher = Matcher(regex)
      for _ in 0..<30 {
        let text = String((0..<Int.random(in: 0...8, using: &random)).map { _ in "aabbc".randomElement(using: &random) ?? "a" })
        let matches = Array(text.utf8).withUnsafeBufferPointer { matcher.find(in: $0) == .match }
        if matches { #expect(required.contains { text.contains($0) }, "\(pattern) matches \(text) without \(required)") }
      }
    }
  }
}
