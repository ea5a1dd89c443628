// The runner as a whole: reports, updates and their refusals, the matrix.

import DshColumns
import DshDiagnostics
import DshSession
import Testing
import DshRender

@testable import DshGolden

@Suite struct GoldenCommandTests {
  @Test func passing() throws {
    let bench = GoldenBench(["t/a.golden": "dsh> one\none\n", "t/b.md": "# prose only\n", "t/c.md": "```\ndsh> x\n[..]\n```\n"])
    #expect(try bench.run() == 0)
    #expect(bench.printed == ["2 passed, 0 failed"])
    #expect(bench.configurations.map(\.folder) == ["t", "t"])
  }

  @Test func diffOfAFailure() throws {
    let bench = GoldenBench(["t/a.golden": "prose\ndsh> one\nsame\nold\nsame 2\n"])
    bench.answer = { _, _ in ([.lines(["same", "new", "same 2"])], []) }
    #expect(try bench.run() == 1)
    #expect(bench.printed == ["t/a.golden:2", "  dsh> one", "@@ -3,3 +3,3 @@", " same", "-old", "+new", " same 2", "0 passed, 1 failed"])
  }

  @Test func whiteSpaceIsMadeVisible() throws {
    let bench = GoldenBench(["t/a.golden": "dsh> one\na b\n"])
    bench.answer = { _, _ in ([.lines(["a  b "])], []) }
    #expect(try bench.run() == 1)
    #expect(bench.printed.contains("-a·b"))
    #expect(bench.printed.contains("+a··b␣"))
  }

  @Test func updateKeepsWhatMatches() throws {
    let bench = GoldenBench(["t/a.golden": "keep\ndsh> one\na [..]\n...\nold\n\ndsh> two\nsame\n"])
    bench.answer = { text, _ in (text == "one" ? [.lines(["a 1", "x", "y", "new"])] : [.lines(["same"])], []) }
    #expect(try bench.run { $0.updates = true } == 0)
    #expect(
      bench.files["t/a.golden"] == "keep\ndsh> one\na [..]\n...\nnew\n\ndsh> two\nsame\n"
    )
    #expect(bench.printed.suffix(2) == ["t/a.golden: 1 block updated", "1 passed, 0 failed"])
    #expect(try bench.run() == 0)
  }

  @Test func updateRefusesAChangeOfStatus() throws {
    let before = "dsh> one\nfine\n"
    let bench = GoldenBench(["t/a.golden": before])
    bench.answer = { _, _ in ([], [Diagnostic(.unknownVerb, .user, "no verb \"one\"", span: SourceSpan(start: 0, end: 3))]) }
    #expect(try bench.run { $0.updates = true } == 1)
    #expect(bench.files["t/a.golden"] == before)
    #expect(
      try bench.run {
        $0.updates = true
        $0.allowsStatusChange = true
      } == 0)
    #expect(bench.files["t/a.golden"] == "dsh> one\n!error unknown-verb 1:1 ~ no verb \"one\"\n")
    bench.answer = { _, _ in ([.lines(["fine"])], []) }
    #expect(try bench.run { $0.updates = true } == 1)
    #expect(bench.files["t/a.golden"] != before)
  }

  @Test func wholeErrors() throws {
    let bench = GoldenBench(["t/a.golden": "#: errors=whole\ndsh> one\n"])
    let mistake = Diagnostic(
      .unknownVerb, .user, "no verb \"one\"", span: SourceSpan(start: 0, end: 3), suggestion: didYouMean("on"), notes: ["verbs: on"]
    )
    bench.answer = { _, _ in ([], [mistake]) }
    let printed = [
      "!error unknown-verb 1:1 ~ no verb \"one\"", " --> dsh:1:1", "  1 | one", "    | ^^^ did you mean \"on\"?", "  verbs: on",
    ]
    #expect(
      try bench.run {
        $0.updates = true
        $0.allowsStatusChange = true
      } == 0)
    #expect(bench.files["t/a.golden"] == (["#: errors=whole", "dsh> one"] + printed).joined(separator: "\n") + "\n")
    bench.files["t/a.golden"] = "#: errors=some\ndsh> one\n"
    #expect(try bench.run() == 1)
  }

  @Test func updateRefusesInContinuousIntegration() {
    let bench = GoldenBench(["t/a.golden": "dsh> one\n"])
    #expect(throws: Diagnostic.self) {
      try bench.run {
        $0.updates = true
        $0.isContinuousIntegration = true
      }
    }
  }

  @Test func updateRefusesWhatDoesNotHold() throws {
    let bench = GoldenBench(["t/a.golden": "dsh> one\nold\n"])
    var count = 0
    bench.answer = { _, _ in
      count += 1
      return ([.lines(["run \(count)"])], [])
    }
    #expect(try bench.run { $0.updates = true } == 1)
    #expect(bench.files["t/a.golden"] == "dsh> one\nold\n")
  }

  @Test func matrixComparesRowsOnly() throws {
    let bench = GoldenBench(["t/a.golden": "dsh> one\n5\nnode1\n"])
    bench.answer = { _, configuration in
      let node = configuration.settings["nodes"] == "2" ? "node2" : "node1"
      return ([.scalar(name: "count", value: .int64(5)), .receipt(Receipt(action: "count", dataset: "_1", lines: [node]))], [])
    }
    let matrix = try ConfigurationMatrix(parsing: ["nodes=1,2", "batch-rows=1,7"])
    #expect(matrix.combinations.count == 4)
    #expect(try bench.run { $0.matrix = matrix } == 0)
    #expect(bench.configurations.count == 5)
    bench.answer = { _, configuration in
      (
        [
          .scalar(name: "count", value: .int64(configuration.settings["nodes"] == "2" ? 6 : 5)),
          .receipt(Receipt(action: "count", dataset: "_1", lines: ["node1"])),
        ], []
      )
    }
    #expect(try bench.run { $0.matrix = matrix } == 1)
    #expect(bench.printed.contains("t/a.golden with batch-rows=1 nodes=2:1"))
  }

  /// How many rows there are in all is known or not, and that is all that may differ.
  @Test func matrixComparesNoTotals() throws {
    let rows = Batch(
      schema: Schema([Field("a", .int64)]), columns: [Column.repeating(.int64(7), type: .int64, count: 1)], rowCount: 1)
    let matrix = try ConfigurationMatrix(parsing: ["chaos=1"])
    let bench = GoldenBench(["t/a.golden": "dsh> one\n...\n1 row of 3, 1 column\n"])
    bench.answer = { _, configuration in
      let total = configuration.settings["chaos"] == nil ? 3 : nil
      return ([.rows(RowsOutput(rows: rows, layout: .table, totalRows: total, more: .yes))], [])
    }
    #expect(try bench.run { $0.matrix = matrix } == 0)
    bench.answer = { _, configuration in
      let shown = configuration.settings["chaos"] == nil ? rows : rows.slice(from: 0, count: 0)
      return ([.rows(RowsOutput(rows: shown, layout: .table, totalRows: 3, more: .yes))], [])
    }
    #expect(try bench.run { $0.matrix = matrix } == 1)
  }

  /// In small stores a statement may be refused for want of room, but what it gives has to be the same, and no other error is let pass.
  @Test func smallStoresMayRefuse() throws {
    let matrix = try ConfigurationMatrix(parsing: ["store=small"])
    let bench = GoldenBench(["t/a.golden": "dsh> one\n5\n\ndsh> two\n5\n"])
    func run(refusing code: DiagnosticCode?, _ value: Int64 = 5) throws -> Int32 {
      bench.answer = { statement, configuration in
        let isSmall = configuration.settings["store"] == "small" && statement == "two"
        if isSmall, let code { return ([], [Diagnostic(code, "no room")]) }
        return ([.scalar(name: "count", value: .int64(isSmall ? value : 5))], [])
      }
      return try bench.run { $0.matrix = matrix }
    }
    #expect(try run(refusing: .storeFull) == 0)
    #expect(bench.printed.contains("small stores: 2 statements run, 1 refused with store-full"))
    #expect(try run(refusing: .blockLost) == 1)
    #expect(try run(refusing: nil, 6) == 1)
  }

  @Test func directivesReachTheSession() throws {
    let bench = GoldenBench(["t/a.golden": "#: nodes=3 object-store-memory=64M matrix=off\ndsh> one\none\n"])
    let matrix = try ConfigurationMatrix(parsing: ["nodes=1"])
    #expect(try bench.run { $0.matrix = matrix } == 0)
    #expect(bench.configurations.map(\.settings) == [["nodes": "3", "object-store-memory": "64M"]])
  }
}
