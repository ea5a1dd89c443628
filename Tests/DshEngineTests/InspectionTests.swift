// Questions about a block: their answers, what becomes of those that don't fit, and their bytes.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct InspectionTests {
  private let block = batch(
    column(.int64, [1, 2, 3, 4, 5].map { .int64($0) }), column(.string, [.string("x"), .null, .string("y"), .string("y"), .string("é")]))
  private let ascending = [SortColumn(0, descending: false), SortColumn(1, descending: true)]

  @Test func ends() {
    #expect(BlockInspection.ends(keys: ascending).answer(block) == [[.int64(1)], [.int64(5)]])
    #expect(BlockInspection.ends(keys: ascending).answer(.empty(block.schema)) == [])
    #expect(BlockInspection.ends(keys: []).answer(block) == [])
  }

  @Test func keysAndPoints() {
    #expect(
      BlockInspection.sampleKeys(keys: ascending, count: 2).answer(block) == RangePartitioning.sampleKeys(block, keys: ascending, count: 2))
    #expect(BlockInspection.sampleKeys(keys: ascending, count: 0).answer(block) == [])
    let points = BlockInspection.partitionPoints(keys: ascending, boundaries: [[.int64(0)], [.int64(3), .string("y")], [.int64(9)]])
    #expect(points.answer(block) == [[.int64(0), .int64(2), .int64(5)]])
    #expect(points.answer(.empty(block.schema)) == [[.int64(0), .int64(0), .int64(0)]])
  }

  @Test func lastRow() {
    #expect(BlockInspection.lastRow.answer(block) == [[.int64(5), .string("é")]])
    #expect(BlockInspection.lastRow.answer(.empty(block.schema)) == [])
  }

  @Test func frequentTexts() {
    #expect(
      BlockInspection.frequentTexts(column: "b", rows: 100).answer(block)
        == [[.string("y"), .int64(2)], [.string("x"), .int64(1)], [.string("é"), .int64(1)]])
    #expect(BlockInspection.frequentTexts(column: "b", rows: 2).answer(block) == [[.string("x"), .int64(1)]])
    #expect(BlockInspection.frequentTexts(column: "a", rows: 2).answer(block) == [])
    #expect(BlockInspection.frequentTexts(column: "nobody", rows: 2).answer(block) == [])
  }

  @Test func columnsRead() {
    #expect(BlockInspection.ends(keys: ascending).columns(of: block.schema) == [0])
    #expect(BlockInspection.partitionPoints(keys: ascending, boundaries: []).columns(of: block.schema) == [0, 1])
    #expect(BlockInspection.lastRow.columns(of: block.schema) == [0, 1])
    #expect(BlockInspection.frequentTexts(column: "b", rows: 1).columns(of: block.schema) == [1])
    #expect(BlockInspection.sampleKeys(keys: [SortColumn(7, descending: false)], count: 1).columns(of: block.schema) == [])
  }

  @Test func keysThatAreNoColumnsGetNoRows() {
    for index in [-1, 2, Int.max] {
      let keys = [SortColumn(index, descending: false)]
      #expect(BlockInspection.ends(keys: keys).answer(block) == [])
      #expect(BlockInspection.sampleKeys(keys: keys, count: 3).answer(block) == [])
      #expect(BlockInspection.partitionPoints(keys: keys, boundaries: [[.int64(1)]]).answer(block) == [])
    }
  }

  @Test func bytesAndBack() throws {
    let all: [BlockInspection] = [
      .ends(keys: ascending), .sampleKeys(keys: ascending, count: 64), .lastRow, .frequentTexts(column: "naïve", rows: 50_000),
      .partitionPoints(keys: ascending, boundaries: [[.int64(3), .null], [.float64(.infinity), .string("y")], []]),
    ]
    for inspection in all {
      var writer = ByteWriter()
      writer.write(inspection)
      var reader = ByteReader(writer.bytes)
      #expect(try reader.readBlockInspection() == inspection)
      #expect(reader.remaining == 0)
      // Whatever the bytes say, there is an answer or an error.
      for changed in mutations(of: writer.bytes, seed: 1, count: 3000) {
        var reader = ByteReader(changed)
        if let other = try? reader.readBlockInspection() { _ = other.answer(block) }
      }
    }
  }
}
