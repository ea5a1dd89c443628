// Columns computed from others.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct ProjectTests {
  private let fields = [Field("a", .int64), Field("b", .int64)]

  @Test func computesAndPasses() throws {
    let environment = MemoryEnvironment()
    let project = Project([NamedExpression("b", .column(1, .int64)), NamedExpression("sum", try bind("a + b", over: fields))])
    let report = try runTask(environment.source(batch(integers(1, 2, nil, 4), integers(10, nil, 30, 40))), [project], in: environment)
    #expect(environment.rows == numbers([[10, 11], [nil, nil], [30, nil], [40, 44]]))
    #expect(environment.state.made[0].schema == Schema([Field("b", .int64), Field("sum", .int64)]))
    #expect(report.stepRows == [4, 4])
  }

  @Test func noColumnsKeepRows() throws {
    let environment = MemoryEnvironment()
    let report = try runTask(environment.source(batch(integers(1, 2, 3))), [Project([])], in: environment)
    #expect(report.rows == 3)
    #expect(environment.state.made[0].columns.isEmpty)
  }

  /// Of two columns with an error the one of the earlier row is told, and which part of the step it was.
  @Test func theErrorOfTheEarliestRowCounts() throws {
    let environment = MemoryEnvironment()
    let project = Project([
      NamedExpression("x", try bind("9223372036854775807 + b", over: fields)),
      NamedExpression("y", try bind("9223372036854775807 + a", over: fields)),
    ])
    let error = #expect(throws: Diagnostic.self) {
      try runTask(environment.source(batch(integers(0, 1, 0), integers(0, 0, 1))), [project], in: environment)
    }
    #expect(error?.row?.row == 1)
    #expect(error?.row?.part == 3)
  }

  @Test func stepsFollowOneAnother() throws {
    let environment = MemoryEnvironment()
    let steps: [any StepSpec] = [
      Project([NamedExpression("c", try bind("a * 2", over: fields))]), Filter(try bind("c > 2", over: [Field("c", .int64)])),
      Project([NamedExpression("d", try bind("c + 1", over: [Field("c", .int64)]))]),
    ]
    let report = try runTask(environment.source(batch(integers(1, 2, 3), integers(0, 0, 0))), steps, batchRows: 1, in: environment)
    #expect(environment.rows == numbers([[5], [7]]))
    #expect(report.stepRows == [3, 3, 2, 2])
  }
}
