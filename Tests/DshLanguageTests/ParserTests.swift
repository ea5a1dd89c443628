// What well-formed texts mean, by way of their canonical form and their tree.
import DshDiagnostics
import Testing

@testable import DshLanguage

/// Texts and their canonical form; parsing must find nothing wrong.
private let wellFormed: [(String, String)] = [
  // Pipelines.
  ("read data/flights.csv", "read data/flights.csv"),
  ("read a.csv, b.csv c.csv", "read a.csv b.csv c.csv"),
  (
    "read --header=false --names=id,name --null=NA,\\N \"my file.csv\"", "read --header=false --names=id,name --null=NA,\\N \"my file.csv\""
  ),
  ("read logs/{a,b}/**/*.jsonl x[0-9]?.csv", "read logs/{a,b}/**/*.jsonl x[0-9]?.csv"),
  ("read $file", "read $file"),
  ("read --delim='|' x.psv", "read --delim=\"|\" x.psv"),
  ("_ | take", "_ | take"),
  ("_3 | take 1_000", "_3 | take 1000"),
  ("| filter a > 3 | count", "filter a > 3 | count"),
  ("late", "late"),
  ("late | count", "late | count"),
  ("late = read x.csv\n  | filter a > 1 # why\n\n  # more\n  | map b = 2", "late = read x.csv | filter a > 1 | map b = 2"),
  ("filter (a\n  > 3)", "filter a > 3"),
  ("filter a >\n 3 and\n b", "filter a > 3 and b"),
  ("map a = 1,\n b = 2", "map a = 1, b = 2"),
  ("read x.csv |\n take", "read x.csv | take"),
  ("take \\\n 10", "take 10"),
  ("take 3; count", "take 3\ncount"),
  ("range 1e6", "range 1000000"),
  ("range 10, -20, -2", "range 10, -20, -2"),
  ("limit --offset=5 $n", "limit --offset=5 $n"),
  ("rows {a: 1, \"b c\": 'x'}, {a: null, `b c`: [1, 2]}", "rows {a: 1, `b c`: \"x\"}, {a: null, `b c`: [1, 2]}"),
  ("select a, b = c + 1, price_*, *_id", "select a, b = c + 1, price_*, *_id"),
  ("select * except a, b_*", "select * except a, b_*"),
  ("select * except (a), b", "select * except (a), b"),
  ("select * except a, c = a + 1", "select * except (a), c = a + 1"),
  ("select a * 2, c", "select a * 2, c"),
  ("drop a, `b c`, d_*", "drop a, `b c`, d_*"),
  ("rename a = b, `c d` = e", "rename a = b, `c d` = e"),
  ("agg n = count(), mean(x) by city, year = y // 10", "agg n = count(), mean(x) by city, year = y // 10"),
  ("agg by city", "agg by city"),
  ("agg count()", "agg count()"),
  ("sort a desc, b asc, c + 1", "sort a desc, b, c + 1"),
  ("union other, (read x.csv | filter a > 3)", "union other, (read x.csv | filter a > 3)"),
  ("take_all --max-bytes=1G --force", "take_all --max-bytes=1G --force"),
  ("persist --level=memory+disk", "persist --level=memory+disk"),
  ("read x | persist | filter a | take", "read x | persist | filter a | take"),
  ("read x | persist late | filter a", "read x | persist late | filter a"),
  ("late = read x | persist --keep", "late = read x | persist --keep late"),
  ("write --force out/", "write --force out/"),
  ("map take = 3, filter = take + 1", "map take = 3, filter = take + 1"),
  ("filter take > 3 and count == 2", "filter take > 3 and count == 2"),
  // Expressions.
  ("filter a + b * c - d / e // f % g", "filter a + b * c - d / e // f % g"),
  ("filter (a + b) * c", "filter (a + b) * c"),
  ("filter a - (b - c)", "filter a - (b - c)"),
  ("filter not a and not (b or c)", "filter not a and not (b or c)"),
  ("filter not (a == b)", "filter not a == b"),
  ("filter (not a) == b", "filter (not a) == b"),
  ("filter a ?? b ?? 0 > 1", "filter a ?? b ?? 0 > 1"),
  ("filter a in [1, 2, null] or b not in ['x']", "filter a in [1, 2, null] or b not in [\"x\"]"),
  ("filter a between 1 and 2 and b not between c and d", "filter a between 1 and 2 and b not between c and d"),
  ("filter name ~ r'^\\d+$' and x !~ \"a\\\\b\"", "filter name ~ \"^\\\\d+$\" and x !~ \"a\\\\b\""),
  ("filter -x < -3 and - 4 == -(5)", "filter -x < -3 and -4 == -5"),
  ("filter -(-x) == - -3", "filter -(-x) == -(-3)"),
  ("filter x::float64 + y::list<int64> == z::decimal(10, 2)", "filter x::float64 + y::list<int64> == z::decimal(10,2)"),
  ("filter -5::string == '5'", "filter -5::string == \"5\""),
  ("filter a.b.c[0].d > 1", "filter a.b.c[0].d > 1"),
  ("filter if(a, 1, 2) == case(b, 1, 2)", "filter if(a, 1, 2) == case(b, 1, 2)"),
  ("filter day >= date(\"2024-01-31\")", "filter day >= date(\"2024-01-31\")"),
  ("filter a == true or b != null", "filter a == true or b != null"),
  ("filter x > 0xff and y < 1_000.5e-3", "filter x > 255 and y < 1.0005"),
  ("filter x > -9223372036854775808", "filter x > -9223372036854775808"),
  ("filter x > .5", "filter x > 0.5"),
  ("filter `odd name` > 3 and `a``b` and `in`", "filter `odd name` > 3 and `a``b` and `in`"),
  ("filter größe > 3", "filter größe > 3"),
  ("filter x == 'tab\\t quote\\' \\u{e9} \\x41'", "filter x == \"tab\\t quote' é A\""),
  ("filter x == $n", "filter x == $n"),
  ("filter (a < b) == (c < d)", "filter (a < b) == (c < d)"),
  // Statements.
  ("let n = 60", "let n = 60"),
  ("let n =\n 60 * 2", "let n = 60 * 2"),
  ("let n=late|count", "let n = late | count"),
  ("let n = ( late | count )", "let n = late | count"),
  ("let n = count", "let n = count"),
  ("let n = f(1)", "let n = f(1)"),
  ("5+3", "5 + 3"),
  ("(1 + 2)*3", "(1 + 2) * 3"),
  ("upper('x')", "upper(\"x\")"),
  ("join(split(\"a b\", \" \"), \"-\")", "join(split(\"a b\", \" \"), \"-\")"),
  ("not true", "not true"),
  ("$n", "$n"),
  ("x + 1", "x + 1"),
  ("5 +\n3", "5 + 3"),
  ("5\n-3\n\n  6\n# note\n  7", "5\n-3\n6\n7"),
  ("filter a > 1\n  and b > 2\n  or c\nin [1]\ntake", "filter a > 1 and b > 2 or c in [1]\ntake"),
  ("sort a\n desc\n| take", "sort a desc | take"),
  ("select *\n except a", "select * except a"),
  ("sort a\ndesc = read x", "sort a\ndesc = read x"),
  ("let", "let"),
  ("def hours", "def hours"),
  ("ls -l a.csv", "ls --long a.csv"),
  ("ls -la *.csv b", "ls --long --all *.csv b"),
  ("def hours(x) = x / 60", "def hours(x) = x / 60"),
  ("def now() = 1", "def now() = 1"),
  ("nodes", "nodes"),
  ("nodes add 2", "nodes add 2"),
  ("nodes kill node1", "nodes kill node1"),
  ("set width 0 # c", "set width 0"),
  ("set prompt 'a b'", "set prompt \"a b\""),
  ("help filter", "help filter"),
  ("?", "help"),
  ("exit()", "exit"),
  ("quit ()", "quit"),
  ("head = range 3\nx = head", "head = range 3\nx = head"),
  ("source script.dsh; pwd", "source script.dsh\npwd"),
  ("!ls -l | wc; echo", "!ls -l | wc; echo"),
  ("timing on", "timing on"),
  ("", ""), ("# only a comment\n\n;;\n", ""),
  ("\u{FEFF}take\u{A0}3", "take 3"),
]

@Suite struct ParserTests {
  @Test(arguments: wellFormed.indices)
  func wellFormedText(_ index: Int) {
    let (text, canonical) = wellFormed[index]
    let result = parsed(text)
    #expect(result.diagnostics.isEmpty, "\(text): \(result.diagnostics)")
    #expect(result.script.statements.map(\.printed).joined(separator: "\n") == canonical)
    // The canonical form means the same and is its own canonical form.
    let again = parsed(canonical)
    #expect(again.diagnostics.isEmpty)
    #expect(shape(again.script) == shape(result.script))
    #expect(completeness(of: text) == .complete)
  }

  @Test func spansAreExact() throws {
    let text = "  a = read x.csv | filter é > 3 # c\n;take 3 "
    let script = parsed(text).script
    func piece(_ span: SourceSpan) -> String { String(decoding: Array(text.utf8)[span.start..<span.end], as: UTF8.self) }
    #expect(script.statements.map { piece($0.span) } == ["a = read x.csv | filter é > 3", "take 3"])
    guard case .pipeline(let name?, let pipeline) = script.statements[0].kind else {
      Issue.record("no named pipeline")
      return
    }
    #expect(piece(name.span) == "a")
    #expect(piece(pipeline.span) == "read x.csv | filter é > 3")
    #expect(pipeline.stages.map { piece($0.span) } == ["read x.csv", "filter é > 3"])
    guard case .expression(let expression) = pipeline.stages[1].operands, case .binary(_, let left, let right) = expression.kind else {
      Issue.record("no comparison")
      return
    }
    #expect([expression, left, right].map { piece($0.span) } == ["é > 3", "é", "3"])
  }

  @Test func treesAreShapedByPrecedence() {
    guard case .pipeline(_, let pipeline) = parsed("filter a or b and not c == d ?? e + f * -g.h").script.statements[0].kind,
      case .expression(let expression) = pipeline.stages[0].operands,
      case .binary(.or, _, let and) = expression.kind,
      case .binary(.and, _, let not) = and.kind,
      case .unary(.not, let equal) = not.kind,
      case .binary(.equal, _, let coalesce) = equal.kind,
      case .binary(.coalesce, _, let add) = coalesce.kind,
      case .binary(.add, _, let multiply) = add.kind,
      case .binary(.multiply, _, let negate) = multiply.kind,
      case .unary(.negate, let member) = negate.kind,
      case .member = member.kind
    else {
      Issue.record("precedence is wrong")
      return
    }
  }

  @Test func commandsKeepTheirText() {
    guard case .command(let command) = parsed("set  greeting   'a  b' ").script.statements[0].kind else {
      Issue.record("no command")
      return
    }
    #expect(command.id == .set)
    #expect(command.arguments.map(\.text) == ["greeting", "a  b"])
    #expect(command.rest == "greeting   'a  b'")
    guard case .command(let shell) = parsed("!ls | wc # x\ntake").script.statements[0].kind else {
      Issue.record("no command")
      return
    }
    #expect(shell.rest == "ls | wc # x")
  }

  @Test func optionValuesReadAsTyped() throws {
    let text = "read --null=NA,\"a,b\",\\N --skip=1_0 --block-bytes=16M --header --with-path=false x.csv"
    guard case .pipeline(_, let pipeline) = parsed(text).script.statements[0].kind else { return }
    let stage = try #require(pipeline.stages.first)
    #expect(stage.option("null")?.value?.list == ["NA", "a,b", "\\N"])
    #expect(stage.option("skip")?.value?.int == 10)
    #expect(stage.option("block-bytes")?.value?.sizeBytes == 16 << 20)
    #expect(stage.option("header")?.bool == true)
    #expect(stage.option("with-path")?.bool == false)
    #expect(stage.option("delim") == nil)
  }

  /// A bare text that ends with a backslash would join the line that follows it.
  @Test func finalBackslashesAreQuoted() {
    #expect(parsed("read a\\#b").script.printed == "read \"a\\\\\"\n")
    #expect(parsed("read --null=NA,\\ x").script.printed == "read --null=\"NA\",\"\\\\\" x\n")
  }

  @Test func outputNames() {
    guard case .pipeline(_, let pipeline) = parsed("agg count(), n = sum(x), a").script.statements[0].kind,
      case .aggregation(let aggregates, _) = pipeline.stages[0].operands
    else { return }
    #expect(aggregates.map(\.outputName) == ["count()", "n", "a"])
  }

  @Test func wildcards() {
    func matches(_ pattern: String, _ column: String) -> Bool {
      ColumnPattern(pattern, isWildcard: true, span: SourceSpan(start: 0, end: 0)).matches(column)
    }
    #expect(matches("price_*", "price_net") && matches("*", "") && matches("a*b*c", "axxbyyc") && matches("*_id", "a_id_id"))
    #expect(!matches("price_*", "price") && !matches("a*b", "abc") && !matches("a", "ab"))
  }
}
