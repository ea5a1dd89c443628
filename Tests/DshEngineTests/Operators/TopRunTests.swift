// The first rows of each group of a task.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct TopRunTests {
  private let keys = [SortColumn(0, descending: false)]
  private let order = [SortColumn(1, descending: true)]

  /// Of equal rows the first that come.
  @Test(arguments: [1, 2, 10])
  func theFirstOfEachGroupStay(batchRows: Int) throws {
    let rows = batch(integers(2, 1, 2, nil, 2, 1), integers(5, 6, 9, 7, 9, nil), integers(0, 1, 2, 3, 4, 5))
    let environment = MemoryEnvironment()
    let report = try runTask(environment.source(rows), [], TopRun(keys, order: order, count: 1), batchRows: batchRows, in: environment)
    #expect(environment.rows == numbers([[1, 6, 1], [2, 9, 2], [nil, 7, 3]]))
    #expect(report.rows == 3)
  }

  @Test func noRows() throws {
    let environment = MemoryEnvironment()
    try runTask(environment.source(batch(integers(), integers())), [], TopRun(keys, order: order, count: 2), in: environment)
    #expect(environment.rows == [])
    try runTask(environment.source(batch(integers(1), integers(1))), [], TopRun(keys, order: order, count: 0), in: environment)
    #expect(environment.rows == [])
  }

  @Test func aColumnThatIsNotThereIsRefused() {
    let environment = MemoryEnvironment()
    let error = #expect(throws: Diagnostic.self) {
      try runTask(environment.source(batch(integers(1))), [], TopRun(keys, order: order, count: 2), in: environment)
    }
    #expect(error?.code == .badPlan)
  }
}
