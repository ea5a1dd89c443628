// The allocator against a plain map of taken bytes.
@testable import DshStore
import Testing

struct ArenaAllocatorTests {
  private func take(_ byteCount: Int, of allocator: inout ArenaAllocator) throws -> ArenaAllocator.Allocation {
    let allocation = allocator.allocate(byteCount)
    return try #require(allocation)
  }

  @Test func randomUseKeepsTheBooks() {
    for seed in UInt64(1)...40 {
      var random = SeededGenerator(seed: seed)
      let space = 4096..<4096 + 3_000_000 / 64 * 64
      var allocator = ArenaAllocator(space: space)
      var taken: [Range<Int>] = []
      for _ in 0..<600 {
        if Bool.random(using: &random) || taken.isEmpty {
          let byteCount = Int.random(in: 0...(Bool.random(using: &random) ? 2000 : 400_000), using: &random)
          guard let allocation = allocator.allocate(byteCount) else {
            #expect(allocator.largestFreeBytes < ArenaAllocator.spaceNeeded(byteCount))
            continue
          }
          let range = allocation.range
          #expect(range.lowerBound % 64 == 0 && range.count >= max(1, byteCount) && range.count < byteCount + 64 + (byteCount == 0 ? 1 : 0))
          #expect(range.lowerBound >= space.lowerBound && range.upperBound <= space.upperBound)
          #expect(!taken.contains { $0.overlaps(range) })
          taken.append(range)
        } else {
          let range = taken.remove(at: Int.random(in: taken.indices, using: &random))
          if range.count > 64, Bool.random(using: &random) {
            let cut = range.lowerBound + 64
            allocator.free(cut..<range.upperBound)
            taken.append(range.lowerBound..<cut)
          } else {
            allocator.free(range)
          }
        }
        if Int.random(in: 0..<50, using: &random) == 0 {
          for range in allocator.takeDiscardable(keepBytes: 0) { #expect(!taken.contains { $0.overlaps(range) }) }
        }
        #expect(allocator.freeBytes == space.count - taken.reduce(0) { $0 + $1.count })
        #expect(allocator.freeExtents.reduce(0) { $0 + $1.count } == allocator.freeBytes)
        #expect(zip(allocator.freeExtents, allocator.freeExtents.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
        #expect(allocator.residentBytes >= taken.reduce(0) { $0 + $1.count } || taken.isEmpty)
      }
    }
  }

  @Test func usedPagesComeFirst() throws {
    let step = PageResidency.stepBytes
    var allocator = ArenaAllocator(space: 4096..<4096 + 100 * step)
    let first = try take(10 * step, of: &allocator)
    #expect(first.fresh == first.range)
    allocator.free(first.range)
    let second = try take(3 * step, of: &allocator)
    #expect(second.fresh == nil)
    let third = try take(8 * step, of: &allocator)
    #expect(third.fresh?.count == step)
    #expect(allocator.residentBytes == 11 * step)
  }

  @Test func pagesThatWereGivenBackAreFreshAgain() throws {
    let step = PageResidency.stepBytes
    var allocator = ArenaAllocator(space: 4096..<4096 + 10 * step)
    let taken = try take(4 * step, of: &allocator)
    allocator.free(taken.range)
    #expect(allocator.takeDiscardable(keepBytes: step).reduce(0) { $0 + $1.count } >= 3 * step)
    #expect(allocator.residentBytes <= step)
    let again = try take(4 * step, of: &allocator)
    #expect(again.fresh != nil)
  }
}
