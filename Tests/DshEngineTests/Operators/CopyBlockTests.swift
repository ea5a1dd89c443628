// A block that is copied as a whole.

import DshColumns
import DshEngine
import Testing

@Suite struct CopyBlockTests {
  @Test func noSinkSeesARow() throws {
    let environment = MemoryEnvironment()
    let block = environment.add(batch(integers(1, 2))).block
    let report = try runTask(CopyBlock(block), [], CountRows(limit: .max), in: environment)
    #expect(environment.state.copied == [block])
    #expect(environment.state.made.isEmpty)
    #expect(report.rows == 0)
  }
}
