// All rows of a task in order.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct SortRunTests {
  @Test(arguments: [1, 2, 100]) func sortsAcrossBatches(batchRows: Int) throws {
    let environment = MemoryEnvironment()
    let source = environment.source(batch(integers(2, 1, nil, 2, 1), integers(0, 1, 2, 3, 4)))
    let report = try runTask(source, [], SortRun([SortColumn(0, descending: true)]), batchRows: batchRows, in: environment)
    #expect(environment.rows == numbers([[2, 0], [2, 3], [1, 1], [1, 4], [nil, 2]]))
    #expect(report.rows == 5)
    #expect(environment.state.heldBytes == 0)
  }

  @Test func aKeyThatIsNoColumn() {
    let environment = MemoryEnvironment()
    let error = #expect(throws: Diagnostic.self) {
      try runTask(environment.source(batch(integers(1))), [], SortRun([SortColumn(1, descending: false)]), in: environment)
    }
    #expect(error?.code == .badPlan)
  }

  @Test func aStoreThatIsTooSmall() {
    let environment = MemoryEnvironment(limitBytes: 20)
    let error = #expect(throws: Diagnostic.self) {
      try runTask(
        environment.source(batch(integers(1, 2, 3, 4))), [], SortRun([SortColumn(0, descending: false)]), batchRows: 1, in: environment)
    }
    #expect(error?.code == .storeFull)
  }
}
