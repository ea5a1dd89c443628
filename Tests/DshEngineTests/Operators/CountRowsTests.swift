// Rows that are counted and not kept.

import DshColumns
import DshEngine
import Testing

@Suite struct CountRowsTests {
  @Test func countsAllWithoutABlock() throws {
    let environment = MemoryEnvironment()
    let report = try runTask(NumberRange(start: 0, step: 1, count: 10), [], CountRows(limit: 100), in: environment)
    #expect(report.rowsOut == 10)
    #expect(report.isComplete)
    #expect(environment.state.made.isEmpty)
  }

  @Test func stopsWhenThereAreEnough() throws {
    let report = try runTask(NumberRange(start: 0, step: 1, count: 1000), [], CountRows(limit: 4), in: MemoryEnvironment())
    #expect(report.rowsOut == 6)
    #expect(!report.isComplete)
  }
}
