// The first and the last rows, and each row once.

import DshColumns
import DshEngine
import Testing

@Suite struct KeepEndsTests {
  @Test(arguments: [1, 2, 3, 5, 100]) func endsOfAllSizes(batchRows: Int) throws {
    for count in [0, 1, 5, 12] {
      for first in [0, 1, 4, 20] {
        for last in [0, 1, 3, 20] {
          let environment = MemoryEnvironment()
          let report = try runTask(
            NumberRange(start: 0, step: 1, count: count), [], KeepEnds(first: first, last: last), batchRows: batchRows, in: environment)
          let expected = (0..<count).filter { $0 < first || $0 >= count - last }
          #expect(environment.rows == expected.map { [.int64(Int64($0))] }, "\(count) rows, \(first) and \(last)")
          #expect(report.rows == expected.count)
          #expect(report.rowsOut == count)
        }
      }
    }
  }
}
