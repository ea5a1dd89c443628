// No text traps the parser, hangs it, or gives places outside itself.
import DshDiagnostics
import Testing

@testable import DshLanguage

private let seeds = [
  "read data/flights.csv | filter delay > 60 and origin == \"SFO\" | map hours = delay / 60 | take 10",
  "late = read --null=NA,\\N 'a b.csv'\n  | filter x in [1, 2] # c\n  | agg n = count(), mean(y) by `k`, z = a // 10\nlate | sort n desc | take",
  "let n = 60; def f(x, y) = if(x > $n, y ?? 0, -x::int64); nodes add 2; set width 0; !ls",
  "rows {a: 1, b: \"x\\u{e9}\"}, {a: null, b: r'\\d'} | union (range 1, 10, 2 | rename a = id), _3",
  "join late on a == b, c | top 3 by x desc | select * except (a, b*), p_*, t = a.b[0] | drop `q``r`",
  "filter not a and b not between 1 and 2 or c !~ '^x' and (d ++ 'y') != null \\\n | write --force out/",
]

private let fragments = [
  "|", ";", "\n", "(", ")", "[", "]", "{", "}", "'", "\"", "`", "r'", "--", "--x=", ",", "=", "==", "#", "\\", "$", "$n", "::", ".", "not ",
  "in ", "between ",
  "and ", "by ", "as ", "is not null", "&&", "||", "!", "“", "\u{A0}", "é", "read ", "take ", "map ", "nodes ", "let ", "def ", "1e",
  "99999999999999999999", "2024-01-31",
  "*", " except ", "//", "~", "??", "\0", "\u{1F600}", "list<", "join ", "on ", "rows ", "on", "select ", "::list<",
]

@Suite struct FuzzTests {
  /// Everything a text is asked for, with what must hold of the answers.
  private func check(_ text: String, at offset: Int) {
    let length = text.utf8.count
    let result = parsed(text)
    func holds(_ span: SourceSpan) -> Bool { span.start >= 0 && span.start <= span.end && span.end <= length }
    #expect(result.diagnostics.allSatisfy { $0.span.map(holds) ?? true }, "\(text.debugDescription)")
    #expect(result.script.statements.allSatisfy { holds($0.span) }, "\(text.debugDescription)")
    let statements = result.script.statements
    #expect(zip(statements, statements.dropFirst()).allSatisfy { $0.span.end <= $1.span.start }, "\(text.debugDescription)")
    #expect(
      statements.contains(where: \.hasErrors) == result.hasErrors || result.diagnostics.last?.code == .tooManyErrors,
      "\(text.debugDescription)")
    let source = SourceText(name: "fuzz", text: text)
    for diagnostic in result.diagnostics.prefix(3) { _ = diagnostic.rendered(in: source) }
    for statement in statements.prefix(5) { _ = statement.printed }
    var end = 0
    for piece in highlight(text) {
      #expect(piece.span.start >= end && holds(piece.span), "\(text.debugDescription)")
      end = piece.span.end
    }
    let position = completionPosition(in: text, at: offset)
    #expect(holds(position.range) && position.range.end <= max(0, offset), "\(text.debugDescription)")
    _ = completeness(of: text)
    // What parses prints to what parses.
    if !result.hasErrors {
      let printed = result.script.printed
      let again = parsed(printed)
      #expect(!again.hasErrors && again.script.printed == printed, "\(text.debugDescription) printed \(printed.debugDescription)")
    }
  }

  @Test(arguments: 0..<20)
  func mutatedPrograms(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<150 {
      var bytes = Array(seeds[Int.random(in: seeds.indices, using: &random)].utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...8, using: &random)))
        case 1, 2: bytes.insert(contentsOf: fragments[Int.random(in: fragments.indices, using: &random)].utf8, at: place)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes = Array(bytes.prefix(place))
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      check(text, at: Int.random(in: -1...(text.utf8.count + 1), using: &random))
    }
  }

  @Test(arguments: 0..<10)
  func randomFragments(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(1000 + seed))
    for _ in 0..<150 {
      var text = ""
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        text += fragments[Int.random(in: fragments.indices, using: &random)]
        if Bool.random(using: &random) { text += "a " }
      }
      check(text, at: text.utf8.count)
    }
  }

  @Test(arguments: 0..<5)
  func randomBytes(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(2000 + seed))
    for _ in 0..<100 {
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      check(String(decoding: bytes, as: UTF8.self), at: 100)
    }
  }

  /// Every prefix and every single missing byte of real programs.
  @Test func truncationsAndGaps() {
    for seed in seeds {
      let bytes = Array(seed.utf8)
      for length in 0...bytes.count { check(String(decoding: bytes.prefix(length), as: UTF8.self), at: length) }
      for gap in bytes.indices {
        var shorter = bytes
        shorter.remove(at: gap)
        check(String(decoding: shorter, as: UTF8.self), at: gap)
      }
    }
  }

  /// Texts that a careless parser reads in quadratic time.
  @Test func largeTextsTakeLinearTime() {
    let count = 5_000
    let texts = [
      String(repeating: "\n", count: count * 10), String(repeating: "# c\n", count: count), String(repeating: "take\n", count: count),
      String(repeating: "(", count: count), String(repeating: "map (a b, ", count: count), String(repeating: "\\'\n'", count: count),
      String(repeating: "'\\u{", count: count), "map " + String(repeating: "a = (1, ", count: count), String(repeating: "|", count: count),
      "read " + String(repeating: "a.csv ", count: count), "filter x in [" + String(repeating: "1, ", count: count) + "1]",
      String(repeating: "`", count: count + 1), "take \\" + String(repeating: " ", count: count), String(repeating: "\\ ", count: count),
      "rows " + String(repeating: "{a: 1}, ", count: count) + "{a: 1}", String(repeating: "a|\n", count: count),
    ]
    let clock = ContinuousClock()
    for text in texts {
      let time = clock.measure { check(text, at: text.utf8.count) }
      #expect(time < .seconds(4), "\(text.prefix(20).debugDescription) took \(time)")
    }
  }
}
