// How files are cut: evenly, over at least four parts where nobody said otherwise, exactly as somebody did.

import DshColumns
import DshPlan
import DshPlanner
import DshSystem
import Testing

@Suite struct FileSplitsTests {
  private func ranges(_ sizeBytes: Int64, _ blockBytes: Int, spreads: Bool) throws -> [Range<Int>] {
    let identity = try #require(FileIdentity(numbers: [1, 2, sizeBytes, 0, 0]))
    let file = SourceFile(path: "/data/x.csv", identity: identity, schema: Schema([]), dialect: [], dataStart: 10)
    let splits = FileSplits(file, blockBytes: blockBytes, spreads: spreads)
    return (0..<splits.count).map { splits.range(at: $0) }
  }

  @Test func smallFilesSpreadUnlessToldOtherwise() throws {
    #expect(try ranges(1 << 20, 16 << 20, spreads: true).count == 4)
    #expect(try ranges(1 << 20, 16 << 20, spreads: false).count == 1)
    #expect(try ranges(1 << 20, 1 << 18, spreads: false).count == 4)
  }

  @Test func tinyBlocksAreBounded() throws {
    let all = try ranges(20_000_010, 1, spreads: false)
    #expect(all.count == 100_000 && all.first?.lowerBound == 10 && all.last?.upperBound == 20_000_010)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
  }
}
