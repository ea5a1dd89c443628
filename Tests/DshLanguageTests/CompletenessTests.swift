// When Enter runs a text and when it opens another line.
import Testing

@testable import DshLanguage

private let open: [(String, OpenConstruct)] = [
  ("filter (a > 3", .bracket("(")), ("filter a in [1,", .bracket("[")), ("rows {a: 1,", .bracket("{")), ("rows {", .bracket("{")),
  ("map x = f(a, [b", .bracket("[")), ("union (read x.csv", .bracket("(")), ("union (read x.csv |", .pipe),
  ("filter a == 'abc", .quote("'")), ("filter \"abc\nmore", .quote("\"")), ("filter `abc", .quote("`")), ("read \"abc", .quote("\"")),
  ("read --null=\"a", .quote("\"")), ("set x 'a", .quote("'")),
  ("read x |", .pipe), ("read x | # comment", .pipe), ("take 3; read x |\n", .pipe),
  ("map a = 1,", .comma), ("drop a,\n", .comma), ("range 1,", .comma),
  ("filter a >", .operation), ("filter a and", .operation), ("filter not", .operation), ("map x =", .operation), ("late =", .operation),
  ("let n =", .operation), ("filter a between 1 and", .operation), ("filter -", .operation), ("rename a =", .operation),
  ("take 10 \\", .backslash), ("take \\\n", .backslash),
]

private let complete = [
  "", "take", "read x.csv | take 3", "filter", "filter a b", "nosuch x |", "fliter (a", "map x = 1 y = (", "take 3 |\nnosuch x |",
  "read x ||",
  "filter (a > 3\ntake 10", "filter a in 3 (", "map = read x |", "filter 'a\\q' and", "let", "!ls |",
]

@Suite struct CompletenessTests {
  @Test(arguments: open.indices)
  func openText(_ index: Int) {
    let (text, construct) = open[index]
    #expect(completeness(of: text) == .incomplete(open: construct), "\(text)")
  }

  @Test(arguments: complete)
  func completeText(_ text: String) {
    #expect(completeness(of: text) == .complete, "\(text)")
  }
}
