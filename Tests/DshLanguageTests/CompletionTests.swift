// What completion offers at a place, and the colours of texts.
import DshDiagnostics
import Testing

@testable import DshLanguage

@Suite struct CompletionTests {
  /// The position at the `‸` of a text.
  private func position(_ marked: String) -> CompletionPosition {
    let parts = marked.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
    let offset = parts[0].utf8.count
    return completionPosition(in: parts.joined(), at: offset)
  }

  private static let joined = DatasetSyntax.source(.dataset(Name("late", span: SourceSpan(start: 5, end: 9))))

  private static func optionValue(_ name: String) -> CompletionPosition.Kind {
    Verb.read.option(name).map { .optionValue(of: $0) } ?? .nothing
  }

  static let cases: [(String, CompletionPosition.Kind, String)] = [
    ("‸", .statement, ""), ("fil‸", .statement, "fil"), ("filter‸", .statement, "filter"), ("take 3\n‸", .statement, ""),
    ("take 3; co‸unt", .statement, "co"), ("# note ‸", .nothing, ""),
    ("read x | ‸", .stage, ""), ("read x | fi‸", .stage, "fi"), ("read x |\n  fi‸", .stage, "fi"), ("| ta‸", .stage, "ta"),
    ("late = ‸", .statement, ""), ("late = re‸", .statement, "re"),
    ("read ‸", .path, ""), ("read da‸", .path, "da"), ("read data/fl‸", .path, "data/fl"), ("read \"my fi‸", .path, "\"my fi"),
    ("write ou‸", .path, "ou"), ("read a.csv ‸", .path, ""), ("read --skip=1 da‸", .path, "da"),
    ("read -‸", .optionName(of: Verb.read.options), "-"), ("read --‸", .optionName(of: Verb.read.options), "--"),
    ("read --skip=1 --fo‸", .optionName(of: Verb.read.options.filter { $0.name != "skip" }), "--fo"),
    ("read --format=‸", optionValue("format"), ""),
    ("read --format=c‸", optionValue("format"), "c"),
    ("read --null=a,b‸", optionValue("null"), "b"),
    ("filter ‸", .expression(.stage(.filter)), ""), ("filter am‸", .expression(.stage(.filter)), "am"),
    ("filter a > 3 and am‸", .expression(.stage(.filter)), "am"), ("filter f(a, ‸", .expression(.stage(.filter)), ""),
    ("filter f(‸", .expression(.stage(.filter)), ""), ("filter (a > ‸", .expression(.stage(.filter)), ""),
    ("filter `od‸", .expression(.stage(.filter)), "`od"), ("filter a in [‸", .expression(.stage(.filter)), ""),
    ("map ‸", .column, ""), ("map a = 1, pr‸", .column, "pr"), ("agg n = sum(x) b‸", .keyword(["where", "by"]), "b"),
    ("map x = ‸", .expression(.stage(.map)), ""), ("map x = 1, y = x‸", .expression(.stage(.map)), "x"),
    ("select a, b‸", .expression(.stage(.select)), "b"), ("agg n = su‸", .expression(.stage(.agg)), "su"),
    ("agg n = sum(x) where c‸", .expression(.stage(.filter)), "c"), ("agg round(sum(x) ‸", .keyword(["where"]), ""),
    ("agg max(*:‸", .keyword(ColumnsSyntax.TypeKind.allCases.map(\.rawValue)), ""), ("agg n = sum(x) ‸", .keyword(["where", "by"]), ""),
    ("agg n = sum(x) by ci‸", .expression(.stage(.filter)), "ci"),
    ("sort a ‸", .keyword(["desc", "asc"]), ""), ("sort a de‸", .keyword(["desc", "asc"]), "de"),
    ("sort a‸", .expression(.stage(.sort)), "a"),
    ("drop ‸", .column, ""), ("drop a, b‸", .column, "b"), ("rename a = b‸", .column, "b"), ("select * except c‸", .column, "c"),
    ("select * ‸", .keyword(["except"]), ""),
    ("union ‸", .dataset, ""), ("union la‸", .dataset, "la"), ("union (‸", .statement, ""), ("union (read x | fi‸", .stage, "fi"),
    ("join late ‸", .keyword(["on"]), ""), ("join late on i‸", .column, "i"), ("join late on id == ‸", .columnOf(joined), ""),
    ("join late on id == k‸", .columnOf(joined), "k"),
    ("filter x::in‸", .type, "in"), ("filter x == $n‸", .parameter, "$n"), ("filter x == $‸", .parameter, "$"),
    ("filter x == 'ab‸", .value, "'ab"), ("filter x in ['a', \"b‸", .value, "\"b"), ("filter x > 'ab‸", .nothing, ""),
    ("filter f(x) == 'ab‸", .nothing, ""), ("filter 12‸", .nothing, ""), ("take ‸", .nothing, ""),
    ("let n‸", .argument(.scalar), "n"), ("let n = ‸", .expression(.scalar), ""),
    ("let n = la‸", .expression(.scalar), "la"), ("let n = late | co‸", .stage, "co"),
    ("def ho‸", .argument(.definition), "ho"),
    ("5 + ‸", .expression(.scalar), ""), ("ls da‸", .argument(.path), "da"),
    ("ls a.csv da‸", .argument(.path), "da"),
    ("ls --lo‸", .optionName(of: Command.listFiles.options), "--lo"), ("ls -l da‸", .argument(.path), "da"),
    ("nodes ‸", .keyword(["add", "kill", "drain"]), ""), ("nodes ki‸", .keyword(["add", "kill", "drain"]), "ki"),
    ("nodes kill ‸", .argument(.node), ""), ("nodes kill no‸", .argument(.node), "no"),
    ("blocks la‸", .dataset, "la"), ("set ‸", .argument(.settingName), ""),
    ("set wi‸", .argument(.settingName), "wi"),
    ("set width ‸", .settingValue(name: "width"), ""), ("help fi‸", .argument(.topic), "fi"),
    ("cd da‸", .argument(.folder), "da"),
    ("timing o‸", .keyword(["on", "off"]), "o"), ("nodes‸", .statement, "nodes"), ("!ls fo‸", .nothing, ""),
  ]

  @Test(arguments: cases.indices)
  func position(_ index: Int) {
    let (marked, kind, partial) = Self.cases[index]
    let found = position(marked)
    #expect(found.kind == kind, "\(marked)")
    #expect(found.partial == partial, "\(marked)")
    #expect(found.range.end == marked.utf8.prefix { $0 != 0xE2 }.count)
  }

  @Test func whatFlowsInIsKnown() {
    let found = position("a = read y.csv\nread x.csv | map d = 1 | filter d‸ > 3")
    #expect(found.pipeline?.stages.map(\.printed) == ["read x.csv", "map d = 1"])
    #expect(found.statements.map(\.printed) == ["a = read y.csv"])
    let later = position("late | map x = a * 2, y = ‸")
    #expect(later.pipeline?.source?.name.text == "late")
    #expect(later.bindings.map(\.printed) == ["x = a * 2"])
    let inner = position("read x.csv | union (read y.csv | filter ‸")
    #expect(inner.pipeline?.stages.map(\.printed) == ["read y.csv"])
    let field = position("filter place.ci‸")
    guard case .field(let owner) = field.kind else {
      Issue.record("no field")
      return
    }
    #expect(owner.printed == "place" && field.partial == "ci")
  }

  @Test func coloursFollowTheGrammar() {
    func colours(_ text: String) -> [String] {
      highlight(text).map { "\(String(decoding: Array(text.utf8)[$0.span.start..<$0.span.end], as: UTF8.self)) \($0.kind)" }
    }
    #expect(
      colours("late = read --skip=1 a#b # c") == [
        "late newName", "= operation", "read verb", "--skip option", "= operation", "1 optionValue", "a path", "#b # c comment",
      ])
    #expect(
      colours("x | filter count > 3 and name == 'é#' | nosuch") == [
        "x dataset", "| pipe", "filter verb", "count column", "> operation", "3 number", "and keyword", "name column", "== operation",
        "'é#' string",
        "| pipe", "nosuch error",
      ])
    #expect(
      colours("agg n = sum(x), a by `b` | top 3 by c desc") == [
        "agg verb", "n newName", "= operation", "sum function", "( punctuation", "x column", ") punctuation", ", punctuation", "a column",
        "by keyword",
        "`b` column", "| pipe", "top verb", "3 number", "by keyword", "c column", "desc keyword",
      ])
    #expect(colours("set width 0; !ls") == ["set command", "width optionValue", "0 optionValue", "! command", "ls string"])
    #expect(colours("filter x not in [null, $n]::t").first == "filter verb")
    #expect(colours("filter 'abc") == ["filter verb", "'abc string"])
  }
}
