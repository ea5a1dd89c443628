// Errors, their rows and their suppression; nulls; limits.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct EvaluationTests {
  private let fields = [Field("a", .int64), Field("b", .int64), Field("t", .string), Field("x", .float64)]

  private func evaluate(_ text: String, _ columns: [Column]) throws -> [Value] {
    let compiled = try CompiledExpression(try bind(text, over: fields), inputs: fields.map(\.type))
    return try compiled.evaluate(columns, rowCount: columns[0].count).values
  }

  private func failure(_ text: String, _ columns: [Column]) -> (code: DiagnosticCode, row: Int, message: String)? {
    do {
      _ = try evaluate(text, columns)
      return nil
    } catch let error as RowError {
      return (error.diagnostic.code, error.row, error.diagnostic.message)
    } catch {
      return nil
    }
  }

  private var columns: [Column] {
    [integers(1, .max, nil, .max, 5), integers(1, nil, 1, 1, 0), texts("1", "x", nil, "3", ""), floats(1, .nan, nil, -0.0, 2)]
  }

  @Test func overflowNamesTheFirstRowThatHasValues() {
    let found = failure("a + b", columns)
    #expect(found?.code == .integerOverflow)
    #expect(found?.row == 3)
    #expect(found?.message == "the result does not fit int64: 9223372036854775807 + 1")
  }

  @Test func theFirstRowWinsOverTheFirstOperand() {
    // The left operand fails in row 3, the right one in row 1.
    let found = failure("(a + b) + int64(t)", columns)
    #expect(found?.code == .badCast)
    #expect(found?.row == 1)
    // In one row the left operand wins.
    #expect(failure("(a + a) + int64(t)", columns)?.code == .integerOverflow)
  }

  @Test func failedCastsNameTheValue() {
    #expect(failure("int64(t)", columns)?.message == "not a value of int64: \"x\"")
    #expect(failure("t::float64", columns)?.message == "not a value of float64: \"x\"")
    #expect(failure("int64(x * 1e300)", columns)?.message == "not a value of int64: 1e+300")
  }

  @Test func tryCastGivesNull() throws {
    #expect(try evaluate("try_cast(t, int64)", columns) == [.int64(1), .null, .null, .int64(3), .null])
  }

  @Test func branchesAreComputedOnlyWhereTheyAreNeeded() throws {
    #expect(try evaluate("if(a > 100, 0, a + b)", columns) == [.int64(2), .int64(0), .null, .int64(0), .int64(5)])
    #expect(try evaluate("a < 100 and a + b > 1", columns) == [.bool(true), .bool(false), .null, .bool(false), .bool(true)])
    #expect(try evaluate("a > 100 or a + b > 1", columns) == [.bool(true), .bool(true), .null, .bool(true), .bool(true)])
    #expect(try evaluate("case(is_null(t), 0, t ~ '^[0-9]+$', int64(t))", columns) == [.int64(1), .null, .int64(0), .int64(3), .null])
    #expect(try evaluate("try_cast(t, int64) ?? -1", columns) == [.int64(1), .int64(-1), .int64(-1), .int64(3), .int64(-1)])
    #expect(failure("try_cast(t, int64) ?? int64(t)", columns)?.row == 1)
  }

  @Test func filterTermsGuardEachOther() throws {
    let compiled = try CompiledExpression(try bind("t ~ '^[0-9]+$' and int64(t) > 1", over: fields), inputs: fields.map(\.type))
    let selection = try compiled.evaluateSelection(columns, rowCount: 5)
    #expect((0..<5).map { selection[$0] } == [false, false, false, true, false])
  }

  @Test func comparisonsWithNaNFollowIEEE() throws {
    #expect(try evaluate("x == x", columns) == [.bool(true), .bool(false), .null, .bool(true), .bool(true)])
    #expect(try evaluate("x != x", columns)[1] == .bool(true))
    #expect(try evaluate("x == 0.0", columns)[3] == .bool(true))
    #expect(try evaluate("x < 1e9 or x >= 1e9", columns)[1] == .bool(false))
  }

  @Test func textsThatGrowTooLongAreErrorsNotTraps() {
    #expect(failure("repeat(t, 9223372036854775807)", columns)?.code == .textTooLong)
    #expect(failure("pad_left(t, 9223372036854775807)", columns)?.code == .textTooLong)
    #expect(
      failure("replace(repeat(t, 10000000), t, repeat('y', 100))", [columns[0], columns[1], texts("1", "1", "1", "1", "1"), columns[3]])?
        .code == .textTooLong)
  }

  @Test func hugeArgumentsAreHarmless() throws {
    for function in [
      "substr(t, a)", "substr(t, a, a)", "left(t, a)", "right(t, a)", "split_part(t, ',', a)", "slice([1, 2], a, a)", "[1, 2][a]",
      "round(a, a)",
    ] {
      for values in [integers(.min, .max, 0, -1, 1), integers(.max, .min, -2, 2, nil)] {
        let result = Result { try evaluate(function, [values] + columns.dropFirst()) }
        if case .failure(let error) = result { #expect(error is RowError, "\(function)") }
      }
    }
    #expect(constant("date_add(\"year\", 9223372036854775807, date(\"2024-01-01\"))").hasPrefix("error date-out-of-range"))
    #expect(constant("from_epoch(9223372036854775807)").hasPrefix("error timestamp-out-of-range"))
    #expect(constant("make_date(9223372036854775807, 1, 1)").hasPrefix("error bad-date"))
    #expect(constant("date(\"2024-01-01\") + 9223372036854775807").hasPrefix("error date-out-of-range"))
    #expect(constant("-9223372036854775808 // -1").hasPrefix("error integer-overflow"))
    #expect(constant("-9223372036854775808 % -1") == "0")
    #expect(constant("abs(-9223372036854775808)").hasPrefix("error integer-overflow"))
  }

  @Test func badPatternsAreFoundWhenCompiled() {
    #expect(constant("\"a\" ~ \"(\"").hasPrefix("error bad-regex: not a regular expression, missing closing parenthesis at character 2"))
    #expect(throws: Diagnostic.self) {
      try CompiledExpression(.call("~", [.column(0, .string), .literal(.string("[a"), .string)], .bool), inputs: [.string])
    }
    // A pattern from a column is an error of its row.
    let rows = [texts("a", "b"), texts("a", "(")]
    let compiled = try? CompiledExpression(.call("~", [.column(0, .string), .column(1, .string)], .bool), inputs: [.string, .string])
    #expect { try compiled?.evaluate(rows, rowCount: 2) } throws: { ($0 as? RowError)?.row == 1 }
  }

  @Test func longTextsMayTakeMoreSteps() {
    let long = texts(String(repeating: "ab", count: 1_500_000) + "!")
    #expect(failure("regex_match(t, '^[ab]*?!')", [integers(1), integers(1), long, floats(1)]) == nil)
  }

  @Test func costlyPatternsAreStopped() {
    let text = texts(String(repeating: "a", count: 40) + "!")
    let found = failure("regex_match(t, '^(a+)+$')", [integers(1), integers(1), text, floats(1)])
    // PCRE2 may see that no match is possible; then the answer is right and quick, which is as good.
    #expect(found == nil || found?.code == .regexTooCostly)
    let long = texts(String(repeating: "a", count: 60) + "!")
    #expect(failure("regex_match(t, '^(a|aa|aaa)+$')", [integers(1), integers(1), long, floats(1)])?.code == .regexTooCostly)
  }

  @Test func invalidUTF8IsTextToo() throws {
    let builder = ColumnBuilder(type: .string)
    for bytes in [[0x61, 0xFF, 0x62], [0x80], [0xE6, 0x97], [0xC3, 0x28, 0x41]] as [[UInt8]] {
      bytes.withUnsafeBytes { if let base = $0.baseAddress { builder.append(text: base, byteCount: bytes.count) } }
    }
    let column = builder.finish()
    for text in [
      "upper(t)", "lower(t)", "title(t)", "trim(t)", "length(t)", "reverse(t)", "substr(t, 2, 1)", "split(t)", "split(t, '')", "t ~ 'b'",
      "regex_replace(t, '.', '-')",
      "pad_left(t, 9, t)", "left(t, 1)", "right(t, 1)", "find(t, 'b')", "try_cast(t, int64)", "try_parse_date(t, '%Y')",
    ] {
      let compiled = try CompiledExpression(try bind(text, over: fields), inputs: fields.map(\.type))
      let others = column.count
      _ = try compiled.evaluate(
        [
          Column.repeating(.int64(1), type: .int64, count: others), Column.repeating(.int64(1), type: .int64, count: others), column,
          Column.repeating(.float64(1), type: .float64, count: others),
        ],
        rowCount: others)
    }
  }

  @Test func dictionaryEntriesThatNoRowUsesDoNotFail() throws {
    let text = texts("1", "x", "2", "1", "2", "1", "2", "1")
    let encoded = try #require(text.dictionaryEncoded())
    // Of the rows from 2 on none has the entry x.
    let used = encoded.slice(from: 2, count: 6)
    let compiled = try CompiledExpression(.cast(.column(0, .string), to: .int64, isTry: false), inputs: [.string])
    #expect(try compiled.evaluate([used], rowCount: 6).values == [.int64(2), .int64(1), .int64(2), .int64(1), .int64(2), .int64(1)])
    #expect { try compiled.evaluate([encoded], rowCount: 8) } throws: { ($0 as? RowError)?.row == 1 }
  }

  @Test func dictionariesStayDictionaries() throws {
    let encoded = try #require(texts("a", "b", "a", nil, "b").dictionaryEncoded(isWide: false))
    let compiled = try CompiledExpression(try bind("upper(t) ++ '!'", over: [Field("t", .string)]), inputs: [.string])
    let result = try compiled.evaluate([encoded], rowCount: 5)
    guard case .dictionary = result.storage else { return #expect(Bool(false), "a dictionary") }
    #expect(result.values == [.string("A!"), .string("B!"), .string("A!"), .null, .string("B!")])
  }

  /// More entries than codes of one byte name, and rows enough that calls are computed for each entry alone.
  @Test func wideDictionariesAreSpreadLikeNarrowOnes() throws {
    let values = (0..<900).map { $0 % 7 == 3 ? Value.null : .string("\($0 * 37 % 400)") }
    let plain = column(.string, values)
    let encoded = try #require(plain.dictionaryEncoded(isWide: true))
    for text in ["upper(t) ++ '!'", "length(t)", "t > '3'", "ends_with(t, '7')", "try_parse_date(t, '%Y')", "t ?? 'x'"] {
      let compiled = try CompiledExpression(try bind(text, over: [Field("t", .string)]), inputs: [.string])
      #expect(
        try compiled.evaluate([encoded], rowCount: 900).values == compiled.evaluate([plain], rowCount: 900).values, "\(text)")
    }
  }

  @Test func compiledExpressionsOfUnknownFunctionsAreRefused() {
    #expect(throws: Diagnostic.self) { try CompiledExpression(.call("no_such", [], .int64), inputs: []) }
    #expect(throws: Diagnostic.self) { try CompiledExpression(.column(3, .int64), inputs: [.int64]) }
  }
}
