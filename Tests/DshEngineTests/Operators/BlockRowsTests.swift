// Rows of blocks, whole and in part.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import Testing

@Suite struct BlockRowsTests {
  @Test(arguments: [1, 2, 7, 8192]) func allRowsInOrder(batchRows: Int) throws {
    let environment = MemoryEnvironment()
    let report = try runTask(environment.source(batch(integers(5, nil, 3, 2, 1))), batchRows: batchRows, in: environment)
    #expect(environment.rows == numbers([[5], [nil], [3], [2], [1]]))
    #expect(report.rowsScanned == 5)
    #expect(environment.state.scanned.rows == 5)
  }

  @Test func someRows() throws {
    let environment = MemoryEnvironment()
    let whole = environment.add(batch(integers(0, 1, 2, 3, 4)))
    let source = BlockRows(Schema([Field("a", .int64)]), whole).reading([whole.part(1..<4).part(1..<3)])
    #expect(source.knownRows == 2)
    try runTask(source, in: environment)
    #expect(environment.rows == numbers([[2], [3]]))
  }

  @Test(arguments: [1, 2, 8192]) func severalBlocksOneAfterAnother(batchRows: Int) throws {
    let environment = MemoryEnvironment()
    let columns = [integers(0, 1, 2), integers(), integers(3, 4), integers(5)]
    let slices = columns.map { environment.add(batch($0)) }
    let source = BlockRows(Schema([Field("a", .int64)]), [slices[0].part(1..<3), slices[1], slices[2], slices[3]])
    #expect(source.knownRows == 5)
    let report = try runTask(source, batchRows: batchRows, in: environment)
    #expect(environment.rows == numbers([[1], [2], [3], [4], [5]]))
    #expect(report.rowsScanned == 5)
  }

  @Test func aBlockThatIsGone() throws {
    let gone = BlockRef(id: BlockID(task: 9, ordinal: 0), node: 1, epoch: 0, byteCount: 8, rows: 1)
    let error = #expect(throws: Diagnostic.self) {
      try runTask(BlockRows(Schema([Field("a", .int64)]), BlockSlice(gone)), in: MemoryEnvironment())
    }
    #expect(error?.code == .blockLost)
  }

  @Test func nobodyWantsTheRowsAnyMore() throws {
    let environment = MemoryEnvironment(patience: 2)
    let source = environment.source(batch(integers(1, 2, 3)))
    let error = #expect(throws: Diagnostic.self) { try runTask(source, batchRows: 1, in: environment) }
    #expect(error?.category == .cancelled)
    #expect(environment.state.made.isEmpty)
  }
}
