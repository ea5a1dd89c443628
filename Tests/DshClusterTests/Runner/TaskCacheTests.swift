// What is remembered of earlier tasks, and for how long.
import DshColumns
import DshEngine
import DshPlanner
import Testing

@testable import DshCluster

struct TaskCacheTests {
  private let branch = Branch(.range(start: 0, end: 8, step: 1, blocks: nil))

  private func producer(_ number: UInt8) -> Producer { Producer(identity: [number], taskCount: 1) }

  private func block(_ number: UInt8) -> BlockRef {
    BlockRef(id: BlockID(task: UInt64(number), ordinal: 0), node: 1, epoch: 0, byteCount: 64, rows: 8)
  }

  /// A cache that knows the block of a producer.
  private func cache(_ number: UInt8) -> TaskCache {
    var cache = TaskCache()
    let output = TaskOutput(report: TaskReport(), slice: BlockSlice(block(number)), origin: "", verbs: "", wasReused: false)
    _ = cache.remember(output, cache.id(of: producer(number), branch), count: 1, 0, MakeBlock())
    return cache
  }

  private func pass(_ statements: Int, _ cache: inout TaskCache, kept: Set<BlockID> = [], using used: UInt8? = nil) -> [BlockRef] {
    (0..<statements).flatMap { _ in
      if let used { _ = cache.id(of: producer(used), branch) }
      return cache.endStatement { kept }
    }
  }

  @Test func whatNoStatementUsesIsForgottenInTheEnd() {
    var cache = cache(1)
    #expect(pass(TaskCache.statementLimit, &cache) == [])
    #expect(cache.outputs(cache.id(of: producer(1), branch), count: 1, MakeBlock()).count == 1, "and used once more")
    #expect(pass(TaskCache.statementLimit, &cache) == [])
    #expect(pass(TaskCache.statementLimit, &cache) == [block(1)])
    #expect(cache.isEmpty)
    #expect(cache.outputs(cache.id(of: producer(1), branch), count: 1, MakeBlock()).isEmpty)
  }

  @Test func whatIsUsedAgainAndAgainStays() {
    var cache = cache(1)
    #expect(pass(3 * TaskCache.statementLimit, &cache, using: 1) == [])
    #expect(cache.blocks.count == 1)
  }

  @Test func blocksOfDatasetsStay() {
    var cache = cache(1)
    #expect(pass(3 * TaskCache.statementLimit, &cache, kept: [block(1).id]) == [])
    #expect(cache.blocks.count == 1)
    #expect(pass(TaskCache.statementLimit, &cache) == [block(1)])
  }

  /// A number that was given up must not lead to what another producer made.
  @Test func numbersAreGivenOnce() {
    var cache = cache(1)
    let first = cache.id(of: producer(1), branch)
    let second = cache.id(of: producer(2), branch)
    _ = pass(2 * TaskCache.statementLimit, &cache)
    let third = cache.id(of: producer(3), branch)
    #expect(Set([first, second, third]).count == 3)
  }
}
