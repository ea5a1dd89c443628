// A row for each of some columns.

import DshColumns
import DshDiagnostics
import DshEngine
import Testing

@Suite struct MeltColumnsTests {
  @Test(arguments: [1, 2, 10])
  func rowsComeInOrder(batchRows: Int) throws {
    let environment = MemoryEnvironment()
    let rows = batch(integers(1, 2, 3), integers(10, nil, 30), integers(100, 200, 300))
    try runTask(environment.source(rows), [MeltColumns([2, 1], name: "n", value: "v")], batchRows: batchRows, in: environment)
    let expected: [(Int64, String, Int64?)] = [
      (1, "c", 100), (1, "b", 10), (2, "c", 200), (2, "b", nil), (3, "c", 300), (3, "b", 30),
    ]
    #expect(environment.rows == expected.map { [.int64($0), .string($1), $2.map { .int64($0) } ?? .null] })
    #expect(environment.state.made[0].schema == Schema([Field("a", .int64), Field("n", .string), Field("v", .int64)]))
  }

  @Test func columnsOfTwoTypesAreRefused() {
    let environment = MemoryEnvironment()
    let rows = batch(integers(1), Column.repeating(.string("x"), type: .string, count: 1))
    for columns in [[0, 1], [], [7]] {
      let error = #expect(throws: Diagnostic.self) {
        try runTask(environment.source(rows), [MeltColumns(columns, name: "n", value: "v")], in: environment)
      }
      #expect(error?.code == .badPlan)
    }
  }
}
