// Which blocks of exchanges are kept: the last used, up to a number of bytes.

import DshColumns
import Testing

@testable import DshCluster

@Suite struct IntermediateBlocksTests {
  private func blocks(_ numbers: Range<Int>, byteCount: Int) -> [BlockRef] {
    numbers.map { BlockRef(id: BlockID(task: UInt64($0), ordinal: 0), node: 1, epoch: 0, byteCount: byteCount, rows: 1) }
  }

  @Test func smallOnesAreKept() {
    var intermediates = IntermediateBlocks()
    for statement in 0..<100 { intermediates.use(blocks(statement * 10..<statement * 10 + 10, byteCount: 1_000)) }
    #expect(intermediates.takeSurplus().isEmpty)
  }

  @Test func thoseThatWereNotUsedForLongestGo() {
    var intermediates = IntermediateBlocks()
    let all = blocks(0..<6, byteCount: IntermediateBlocks.keptBytes / 4)
    intermediates.use(all)
    intermediates.use([all[0]])
    #expect(intermediates.takeSurplus() == [all[1], all[2]])
    #expect(intermediates.takeSurplus().isEmpty)
    intermediates.remove([all[5].id])
    intermediates.use([all[1], all[2]])
    #expect(intermediates.takeSurplus() == [all[3]])
  }

  @Test func oneThatIsTooLargeGoes() {
    var intermediates = IntermediateBlocks()
    let large = blocks(0..<1, byteCount: IntermediateBlocks.keptBytes + 1)
    intermediates.use(large)
    #expect(intermediates.takeSurplus() == large)
  }
}
