// The first rows of each group of rows that stand together.

import DshColumns
import DshEngine
import Testing

@Suite struct FirstOfEachTests {
  @Test(arguments: [1, 2, 3, 10])
  func groupsGoOnOverBatches(batchRows: Int) throws {
    let rows = batch(integers(1, 1, 1, 2, nil, nil, nil, nil), integers(1, 2, 3, 4, 5, 6, 7, 8))
    for (count, expected) in [
      (0, []), (1, [[1, 1], [2, 4], [nil, 5]]), (2, [[1, 1], [1, 2], [2, 4], [nil, 5], [nil, 6]]),
      (9, [[1, 1], [1, 2], [1, 3], [2, 4], [nil, 5], [nil, 6], [nil, 7], [nil, 8]]),
    ] as [(Int, [[Int64?]])] {
      let environment = MemoryEnvironment()
      try runTask(environment.source(rows), [FirstOfEach([0], count: count)], batchRows: batchRows, in: environment)
      #expect(environment.rows == numbers(expected))
    }
  }

  @Test func severalKeysMakeAGroup() throws {
    let environment = MemoryEnvironment()
    let rows = batch(integers(1, 1, 1, 2), integers(1, 1, 2, 2), integers(1, 2, 3, 4))
    try runTask(environment.source(rows), [FirstOfEach([0, 1], count: 1)], batchRows: 3, in: environment)
    #expect(environment.rows == numbers([[1, 1, 1], [1, 2, 3], [2, 2, 4]]))
  }
}
