// Which parts share a file: in order, about as many each, none left out.
import Testing

@testable import DshSession

struct FileSharesTests {
  @Test(arguments: [(1, 1), (4, 2), (5, 3), (3, 10), (8, 8), (7, Int.max)])
  func everyFileGetsItsShare(parts: Int, limit: Int) {
    let shares = FileShares(limit: limit)
    let files = (0..<parts).map { shares.file(ofPart: $0, of: parts) }
    #expect(files == files.sorted() && Set(files) == Set(0..<min(parts, limit)))
    let sizes = Dictionary(grouping: files, by: { $0 }).values.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func saysWhyThereAreFewer() {
    #expect(FileShares(limit: nil).shortfall(written: 3, parts: 3) == nil)
    #expect(FileShares(limit: 3).shortfall(written: 3, parts: 8) == nil)
    #expect(FileShares(limit: 10).shortfall(written: 3, parts: 3) == "10 asked for; the dataset has 3 blocks")
    #expect(FileShares(limit: 4).shortfall(written: 2, parts: 8) == "4 asked for; the others would have no rows")
  }
}
