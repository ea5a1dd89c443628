// Rows for which a condition is true, and errors in row order.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct FilterTests {
  private let fields = [Field("a", .int64), Field("b", .int64)]

  @Test func keepsRowsThatAreTrue() throws {
    let environment = MemoryEnvironment()
    let source = environment.source(batch(integers(1, nil, 3, 4, 5), integers(0, 0, 1, 1, nil)))
    let report = try runTask(source, [Filter(try bind("a > 2 and b == 1", over: fields))], in: environment)
    #expect(environment.rows == numbers([[3, 1], [4, 1]]))
    #expect(report.rows == 2)
    #expect(report.stepRows == [5, 2])
  }

  @Test func nothingIsTrue() throws {
    let environment = MemoryEnvironment()
    try runTask(environment.source(batch(integers(1, 2), integers(1, 2))), [Filter(try bind("a > b", over: fields))], in: environment)
    #expect(environment.state.made.map(\.rowCount) == [0])
  }

  @Test func theFirstErrorCounts() throws {
    let environment = MemoryEnvironment()
    let source = environment.source(batch(integers(1, 2, 3, 4, 5), integers(0, 0, 0, 1, 1)))
    let error = #expect(throws: Diagnostic.self) {
      try runTask(source, [Filter(try bind("9223372036854775807 + b > a", over: fields))], batchRows: 2, in: environment)
    }
    #expect(error?.row?.row == 3)
    #expect(error?.row?.step == 0)
  }

  @Test func anErrorBehindEnoughRowsIsNotMet() throws {
    let environment = MemoryEnvironment()
    let source = environment.source(batch(integers(1, 2, 3), integers(0, 0, 1)))
    let report = try runTask(source, [Filter(try bind("9223372036854775807 + b > a", over: fields))], MakeBlock(limit: 2), in: environment)
    #expect(environment.rows == numbers([[1, 0], [2, 0]]))
    #expect(!report.isComplete)
  }

  @Test func aColumnThatIsNotThereIsRefused() throws {
    let environment = MemoryEnvironment()
    let filter = Filter(.call(">", [.column(7, .int64), .literal(.int64(1), .int64)], .bool))
    let error = #expect(throws: Diagnostic.self) { try runTask(environment.source(batch(integers(1))), [filter], in: environment) }
    #expect(error?.code == .badPlan)
  }
}
