// The number of each row.

import DshColumns
import DshDiagnostics
import DshEngine
import Testing

@Suite struct NumberRowsTests {
  @Test func countsOverBatchesFromTheFirstRowOfTheTask() throws {
    let environment = MemoryEnvironment()
    let steps = [NumberRows("n", from: 1).starting(atRow: 40)]
    let report = try runTask(environment.source(batch(integers(5, nil, 7, 8))), steps, batchRows: 3, in: environment)
    #expect(environment.rows == numbers([[5, 41], [nil, 42], [7, 43], [8, 44]]))
    #expect(environment.state.made[0].schema == Schema([Field("a", .int64), Field("n", .int64)]))
    #expect(report.stepRows == [4, 4])
  }

  /// The last number is there; the one behind it is an error of its row.
  @Test func numbersEndWithTheirType() throws {
    let environment = MemoryEnvironment()
    let two = NumberRows("n", from: .max - 10).starting(atRow: 8)
    #expect(throws: Never.self) { try runTask(environment.source(batch(integers(1, 2))), [two], in: environment) }
    let error = #expect(throws: Diagnostic.self) {
      try runTask(environment.source(batch(integers(1, 2, 3, 4))), [two], batchRows: 1, in: environment)
    }
    #expect(error?.code == .integerOverflow)
    #expect(error?.row?.row == 2)
    let beyond = NumberRows("n", from: .max).starting(atRow: 1)
    let refused = #expect(throws: Diagnostic.self) { try runTask(environment.source(batch(integers(1))), [beyond], in: environment) }
    #expect(refused?.code == .integerOverflow)
  }
}
