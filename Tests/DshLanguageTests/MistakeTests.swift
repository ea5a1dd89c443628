// Every kind of mistake: its code, its exact place, its suggestion.
import DshDiagnostics
import Testing

@testable import DshLanguage

private struct Mistake {
  var marked: String
  var codes: [String]
  var suggestion: String?

  init(_ marked: String, _ codes: String..., says suggestion: String? = nil) {
    self.marked = marked
    self.codes = codes
    self.suggestion = suggestion
  }
}

private let mistakes: [Mistake] = [
  // Verbs and commands.
  Mistake("«fliter» a > 3", "unknown-verb", says: "filter"),
  Mistake("read x | «fliter» a > 3", "unknown-verb", says: "filter"),
  Mistake("«FILTER» a", "unknown-verb", says: "lower case: filter"),
  Mistake("«where» a > 3", "unknown-verb", says: "use filter"),
  Mistake("«group_by» a", "unknown-verb", says: "agg … by"),
  Mistake("«ndoes» add 3", "unknown-verb", says: "nodes"),
  Mistake("nodes «ad»", "unknown-command", says: "nodes add"),
  Mistake("«.quit»", "unknown-command", says: "quit"),
  Mistake("nodes «|» take", "command-in-pipeline"),
  Mistake("read x | «nodes»", "command-in-pipeline"),
  Mistake("«nodes kill»", "missing-argument", says: "nodes kill NAME"),
  Mistake("nodes add «x»", "invalid-argument"),
  Mistake("timing «onn»", "invalid-argument", says: "on"),
  Mistake("undo «3»", "unexpected-text", says: "undo"),
  Mistake("«!»", "missing-argument"),
  Mistake("map_batches \"cat\" | «fliter» x", "unknown-verb"),
  // Order.
  Mistake("read x | «take» 10 | map y = 3", "action-not-last", says: "use limit 10"),
  Mistake("read x | «count» | take", "action-not-last", says: "agg"),
  Mistake("late | «read» x", "misplaced-source", says: "union"),
  Mistake("x = read y | «take» 3", "named-action", says: "limit"),
  Mistake("union (read x | «take» 3)", "action-in-operand", says: "limit 3"),
  // Names.
  Mistake("«map» = read x", "reserved-name", says: "map_rows"),
  Mistake("«nodes» = read x", "reserved-name"),
  Mistake("«_3» = read x", "reserved-name"),
  Mistake("let «in» = 3", "reserved-name"),
  Mistake("x = «3»", "scalar-without-let", says: "let x"),
  Mistake("x «=»", "missing-operand"),
  Mistake("def f(x, «x») = x", "duplicate-name"),
  Mistake("rows {a: 1, «a»: 2}", "duplicate-name"),
  Mistake("map «in» = 3", "missing-name", says: "backticks"),
  // Operators of other languages.
  Mistake("filter a «=» 3", "single-equals", says: "use =="),
  Mistake("filter a «=» 3 and b «=» 4", "single-equals", "single-equals"),
  Mistake("map x = a «=» 3", "single-equals"),
  Mistake("filter n «like» 'x%'", "foreign-operator", says: "starts_with"),
  Mistake("filter a «&&» b «||» «!»c «<>» d", "foreign-operator", "foreign-operator", "foreign-operator", "foreign-operator"),
  Mistake("filter a «is not» null", "foreign-operator", says: "!= null"),
  Mistake("filter a + b «is» null", "foreign-operator", says: "== null"),
  Mistake("filter a «AND» b", "foreign-operator", says: "and"),
  Mistake("filter a in «(»1, 2)", "foreign-operator", says: "["),
  Mistake("filter a == «NULL»", "foreign-keyword", says: "null"),
  Mistake("filter a «<» b «<» c", "chained-comparison"),
  Mistake("agg n = count(«*») «group» by a", "foreign-operator", "foreign-keyword"),
  Mistake("select a «as» b", "unexpected-text", says: "NAME = EXPR"),
  Mistake("select a, b «from» t where x", "unexpected-text", says: "start with the dataset"),
  Mistake("filter d > «2024-01-31»", "bare-date", says: "date(\"2024-01-31\")"),
  Mistake("filter a > «“»x", "invalid-character", says: "plain quote"),
  Mistake("filter a «?» b : c", "invalid-character", says: "if(c, a, b)"),
  Mistake("map x = «case» when a then b end", "foreign-keyword", says: "case(c1, v1"),
  Mistake("map x = «if» a > 3 then 1 else 0", "foreign-keyword", says: "if(condition, a, b)"),
  Mistake("map x«:» a", "foreign-operator", says: "use ="),
  Mistake("sort a «DESC», b «c»", "foreign-keyword", "missing-comma"),
  Mistake("sort «by» a", "foreign-keyword", says: "leave by out"),
  Mistake("x «:=» read a.csv", "foreign-operator", says: "use ="),
  Mistake("x «<-» read a.csv", "foreign-operator", says: "use ="),
  Mistake("let «$n» = 3", "missing-name", says: "let n"),
  Mistake("let x = (late | count) «+» 1", "unexpected-text", says: "let m"),
  Mistake("5 «|» take", "unexpected-text", says: "rows {value: 5}"), Mistake("1«,» 2", "unexpected-text", says: "[1, …]"),
  Mistake("map a = b\n  «-» 1", "unexpected-text", says: "end the line before"), Mistake("take\n  «5»", "unexpected-text"),
  Mistake("map a = b\n«-» 1", "unexpected-text"), Mistake("filter a\n  «(»b > 1)", "unexpected-text"),
  Mistake("2 *«*» 3", "expected-expression", says: "pow(x, y)"), Mistake("«df.head»()", "unexpected-text", says: "df | …"),
  Mistake("«df[»df.x > 3]", "unexpected-text", says: "filter"), Mistake("«\"a.csv\"»", "unexpected-text", says: "read \"a.csv\""),
  Mistake("ls «-x»", "unknown-option"),
  Mistake("map «total.price» = 1", "odd-name", says: "`total.price` ="),
  Mistake("agg «Total Price» = sum(x)", "odd-name", says: "`Total Price`"),
  Mistake("select «a-b» = 1", "odd-name", says: "`a-b`"), Mistake("rename «Total Price» = x", "odd-name", says: "`Total Price`"),
  Mistake("drop a«-»b", "unexpected-text", says: "`a-b`"), Mistake("drop «2020»", "expected-column", says: "`2020`"),
  Mistake("rename p = «2020»", "expected-column", says: "`2020`"),
  Mistake("rename p = Unit «Price»", "missing-comma", says: "`Unit Price`"),
  Mistake("drop Sepal«.»Length.Cm", "unexpected-text", says: "`Sepal.Length.Cm`"),
  Mistake("select«(»id, name) | take", "enclosed-operands", says: "select id, name"),
  Mistake("map«(»a = f(1)) | filter b = 1", "enclosed-operands", "single-equals"),
  Mistake("limit 3 | count«(»)", "enclosed-operands", says: "write count"),
  Mistake("rename«(»a = b)", "enclosed-operands", says: "rename a = b"),
  Mistake("sort«(»id desc)", "enclosed-operands", says: "sort id desc"), Mistake("drop«(»a)", "enclosed-operands", says: "drop a"),
  Mistake("max«(»3, 4)", "unexpected-text", says: "greatest(3, 4)"), Mistake("filter«(»a > 1, b)", "unexpected-text", says: "and"),
  Mistake("map a = name.upper«(»)", "unexpected-text", says: "upper(x)"),
  Mistake("filter f(str.len«(»x))", "unexpected-text", says: "len(x)"),
  Mistake("limit 3 «offset» 5", "unexpected-text", says: "--offset"), Mistake("limit 3«,» 5", "unexpected-text", says: "--offset"),
  Mistake("agg count(distinct «city»)", "missing-comma", says: "count_distinct"),
  Mistake("map a = cast(b «as» int)", "unexpected-text", says: "x::type"),
  Mistake("sort desc «a»", "missing-comma", says: "behind its key"),
  Mistake("«withColumnRenamed» a b", "unknown-verb", says: "rename"), Mistake("«dropDuplicates»", "unknown-verb", says: "distinct"),
  Mistake("filter a «|>» take", "foreign-operator", says: "use |"),
  Mistake("explain «read» x | filter a", "unexpected-text", says: "read … | explain"),
  Mistake("unpersist «late»", "unexpected-text", says: "late … | unpersist"),
  Mistake("read «(»\"x.csv\")", "unexpected-text", says: "leave them out"),
  Mistake("filter a > 1«,»000", "unexpected-text", says: "joined by and"),
  Mistake("filter n == 'O'«Brien»'", "unexpected-text", says: "backslash"),
  Mistake("set «width=0»", "invalid-argument", says: "set width 0"),
  // Punctuation.
  Mistake("map a = 1 «b» = 2", "missing-comma"),
  Mistake("select a, b «c», d", "missing-comma"),
  Mistake("sort a desc «b»", "missing-comma"),
  Mistake("map x = f(1 «2»)", "missing-comma"),
  Mistake("filter a > 3 «take» 10", "missing-pipe"),
  Mistake("map a = 1«,»", "missing-operand"),
  Mistake("read x «|»", "missing-verb"),
  Mistake("read x «|» | take", "missing-verb"),
  Mistake("read x «||» take", "missing-verb"),
  Mistake("filter «(»a > 3", "unclosed-bracket"),
  Mistake("filter «(»a > 3 | take", "unclosed-bracket"),
  Mistake("filter «(»a > 3\ntake 10", "unclosed-bracket"),
  Mistake("filter a«)» > 3", "unexpected-text"),
  Mistake("filter f«(»a ] b)", "unclosed-bracket"),
  Mistake("rows «{»a: 1", "unclosed-bracket"),
  Mistake("filter «\"abc»", "unterminated-string"),
  Mistake("filter «'abc»\n", "unterminated-string"),
  Mistake("filter «`abc»", "unterminated-name"),
  Mistake("filter 'it'«'s'»", "unexpected-text", says: "\\'"),
  Mistake("filter x ~ '«\\d»+'", "invalid-escape", says: "r'\\d+'"),
  Mistake("filter x == '«\\u»{110000}'", "invalid-escape"),
  // Numbers.
  Mistake("take «99999999999999999999»", "integer-overflow"),
  Mistake("filter x > «-9223372036854775809»", "integer-overflow"),
  Mistake("limit «10k»", "invalid-number", says: "10240"),
  Mistake("filter «2fa» == 1", "invalid-number", says: "`2fa`"),
  Mistake("take «-1»", "invalid-count"),
  Mistake("take «1.5»", "invalid-count"),
  Mistake("limit «n»", "invalid-count"),
  Mistake("range 1, 2, 3, «4»", "unexpected-text"),
  // Operands.
  Mistake("«filter»", "missing-operand", says: "filter EXPR"),
  Mistake("read x | «map» | take", "missing-operand"),
  Mistake("«read»", "missing-operand"),
  Mistake("«read» --header", "missing-operand"),
  Mistake("write a «b»", "unexpected-text"),
  Mistake("count «x»", "unexpected-text", says: "agg count(x)"),
  Mistake("drop «'x'»", "expected-column", says: "backticks"),
  Mistake("rename a«»", "missing-operand"),
  Mistake("union «3»", "expected-dataset"),
  Mistake("union «read» x.csv", "missing-parentheses"),
  Mistake("rows «3»", "expected-row"),
  Mistake("rows {a «3»}", "missing-operand"),
  Mistake("map x = 1 +«» | take", "expected-expression"),
  Mistake("map x = «)», y = «*» | count", "expected-expression", "expected-expression"),
  Mistake("filter x::«3»", "expected-type"),
  Mistake("filter x in «3»", "missing-operand"),
  Mistake("let n «3»", "missing-operand"),
  Mistake("read it«'»s.csv", "invalid-path", says: "\"it's.csv\""),
  // Options.
  Mistake("read «--hedaer» x", "unknown-option", says: "--header"),
  Mistake("«-- a comment»", "comment-style"),
  Mistake("take 10 «--n»", "unknown-option"),
  Mistake("limit 10 --offset=«x»", "invalid-option-value"),
  Mistake("limit --offset=1 «--offset=2» 3", "duplicate-option"),
  Mistake("limit --offset=«x» 3", "invalid-option-value"),
  Mistake("limit --offset=«-1» 3", "invalid-option-value"),
  Mistake("read --format=«cvs» x", "invalid-option-value", says: "csv"),
  Mistake("read --block-bytes=«12X» x", "invalid-option-value", says: "64K"),
  Mistake("read --header=«maybe» x", "invalid-option-value"),
  Mistake("read «--format» csv x.csv", "missing-option-value", says: "--format=csv"),
  Mistake("read «--delim=|» x", "missing-option-value", says: "'|'"),
  Mistake("«read» «--delim=»", "missing-operand", "missing-option-value"),
  // Starts.
  Mistake("«// a comment»", "comment-style", says: "#"),
  Mistake("«data/x.csv» | take", "unexpected-text", says: "read data/x.csv"),
  Mistake("«'x.csv'» | take", "unexpected-text", says: "read 'x.csv'"),
  Mistake("«and» b > 3", "unexpected-text", says: "operator"),
  Mistake("«dsh>» take", "unexpected-text", says: "leave it out"),
  Mistake("«(»read x)", "unexpected-text"),
  Mistake("«)»", "unexpected-text"),
]

@Suite struct MistakeTests {
  @Test(arguments: mistakes.indices)
  func mistake(_ index: Int) {
    let mistake = mistakes[index]
    let marked = MarkedText(mistake.marked)
    let result = parsed(marked.text)
    #expect(result.diagnostics.map(\.code.name) == mistake.codes, "\(marked.text)")
    #expect(result.script.statements.contains { $0.hasErrors })
    // Places are checked where each error has one mark of its own.
    let spans = marked.spans.filter { $0.end > $0.start }
    if spans.count == result.diagnostics.count {
      #expect(result.diagnostics.compactMap(\.span) == spans, "\(marked.text)")
    }
    if let suggestion = mistake.suggestion {
      #expect(result.diagnostics.contains { $0.suggestion?.text.contains(suggestion) == true }, "\(marked.text): \(result.diagnostics)")
    }
    #expect(result.diagnostics.allSatisfy { $0.category == .syntax })
  }

  @Test func everyMistakeOfAScriptIsReported() {
    let text = """
      read x.csv | fliter a | map b = | take 3 | count
      good = read y.csv | filter a > 3
      filter (a > 3
      map x = 1 y = 2, z = = 3
      take 10
      """
    let result = parsed(text)
    #expect(
      result.diagnostics.map(\.code.name) == [
        "unknown-verb", "expected-expression", "action-not-last", "unclosed-bracket", "missing-comma", "expected-expression",
      ])
    #expect(result.script.statements.map(\.hasErrors) == [true, false, true, true, false])
  }

  @Test func limitsHold() {
    #expect(parsed("filter " + String(repeating: "(", count: 5000)).diagnostics.first?.code == .expressionTooDeep)
    #expect(parsed("filter " + String(repeating: "not ", count: 5000) + "a").diagnostics.first?.code == .expressionTooDeep)
    #expect(parsed("filter " + String(repeating: "- ", count: 5000) + "a").diagnostics.first?.code == .expressionTooDeep)
    #expect(parsed("filter a" + String(repeating: " + a", count: 5000)).diagnostics.first?.code == .expressionTooDeep)
    #expect(parsed("filter a" + String(repeating: "[0]", count: 5000)).diagnostics.first?.code == .expressionTooDeep)
    #expect(parsed("filter x::" + String(repeating: "list<", count: 5000)).diagnostics.first?.code == .expectedType)
    let nested = String(repeating: "union (read x | ", count: 100)
    #expect(parsed(nested).diagnostics.contains { $0.code == .pipelineTooDeep })
    #expect(parsed("filter a" + String(repeating: " or a", count: 200)).diagnostics.isEmpty)
    let many = parsed(String(repeating: "nosuch thing\n", count: 10_000))
    #expect(many.diagnostics.count == Limits.errorsPerText + 1)
    #expect(many.diagnostics.last?.code == .tooManyErrors)
    #expect(parsed("map " + String(repeating: "in = 3, ", count: 1000)).diagnostics.count == Limits.errorsPerStatement)
  }

  @Test func scalars() {
    func value(_ text: String) -> Literal? { try? parseScalar(text).get() }
    #expect(value("60") == .int64(60) && value("-1.5") == .float64(-1.5) && value("true") == .bool(true) && value("null") == .null)
    #expect(value("abc def") == .string("abc def") && value("\"60\"") == .string("60") && value("") == .string(""))
    #expect(value("2024-01-31") == .string("2024-01-31") && value("'it\\'s'") == .string("it's"))
    #expect(value("99999999999999999999") == nil && value("\"abc") == nil && value("'\\q'") == nil)
  }

  @Test func sizesAndNumbers() {
    #expect(parseSize("64K") == 65536 && parseSize("2G") == 2 << 30 && parseSize("4096") == 4096 && parseSize("1_0KiB") == 10240)
    #expect(
      parseSize("K") == nil && parseSize("-1K") == nil && parseSize("9999999999T") == nil && parseSize("1X") == nil && parseSize("") == nil)
    #expect(parseNumber("-9223372036854775808") == .int64(.min) && parseNumber("9223372036854775808") == .overflow)
    #expect(
      parseNumber("1e400") == .float64(.infinity) && parseNumber("1e") == nil && parseNumber("1..2") == nil && parseNumber("-") == nil)
    #expect(parseNumber("nan") == nil && parseNumber("inf") == nil && parseNumber("0x") == nil && parseNumber("0xg") == nil)
  }
}
