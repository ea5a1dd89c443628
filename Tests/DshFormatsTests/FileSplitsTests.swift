// How files are cut: evenly, over at least four splits where nobody said otherwise, exactly as somebody did.
import DshFormats
import Testing

@Suite struct FileSplitsTests {
  private func splits(_ sizeBytes: Int, _ blockBytes: Int, spreads: Bool) -> FileSplits {
    FileSplits(of: 10..<10 + sizeBytes, blockBytes: blockBytes, spreads: spreads)
  }

  @Test func smallFilesSpreadUnlessToldOtherwise() {
    #expect(splits(1 << 20, 16 << 20, spreads: true).count == 4)
    #expect(splits(1 << 20, 16 << 20, spreads: false).count == 1)
    #expect(splits(1 << 20, 1 << 18, spreads: false).count == 4)
    #expect(splits(100, 16 << 20, spreads: true).count == 1)
  }

  @Test func splitsCoverTheDataWithoutAGap() {
    for (sizeBytes, blockBytes) in [
      (0, 1), (1, 1), (1, 100), (7, 3), (1000, 1), (1 << 20, 999), (20_000_000, 1), (5_000_000_001, 64 << 10),
    ] {
      for spreads in [false, true] {
        let all = splits(sizeBytes, blockBytes, spreads: spreads)
        #expect(all.first?.lowerBound ?? 10 == 10 && all.last?.upperBound ?? 10 == 10 + sizeBytes)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        let lengths = Set(all.map(\.count))
        #expect(!lengths.contains(0) && (lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
      }
    }
  }

  @Test func tinyBlocksAreBounded() {
    #expect(splits(20_000_000, 1, spreads: false).count == 100_000)
    #expect(splits(1 << 40, 1, spreads: false).count == 1 << 24)
  }

  @Test func aSplitOfAHugeFileIsFoundByItsNumberAlone() {
    let data = 3..<Int.max
    let all = FileSplits(of: data, blockBytes: 1 << 20, spreads: true)
    #expect(all[0].lowerBound == 3 && all[all.count - 1].upperBound == .max)
    #expect(all[1_000_000].upperBound == all[1_000_001].lowerBound)
  }
}
