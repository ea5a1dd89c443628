// Rows by their numbers.

import DshColumns
import DshEngine
import Testing

@Suite struct SelectRowsTests {
  @Test(arguments: [1, 2, 3, 100]) func rangesOfAllSizes(batchRows: Int) throws {
    for first in 0...7 {
      for end in first...8 {
        let environment = MemoryEnvironment()
        let report = try runTask(
          NumberRange(start: 0, step: 1, count: 6), [], SelectRows(first..<end), batchRows: batchRows, in: environment)
        #expect(environment.rows == (first..<end).clamped(to: 0..<6).map { [.int64(Int64($0))] })
        // Nothing is read behind the last row that is wanted.
        #expect(report.rowsOut <= max(end + batchRows - 1, batchRows))
      }
    }
  }
}
