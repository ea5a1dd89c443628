// Tasks over several blocks: every block once, those of a node together, less towards the end.

import DshStore
import Testing

@testable import DshCluster

@Suite struct CoalescedBlocksTests {
  @Test(arguments: 0..<200) func everyBlockIsReadOnce(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let nodes = Int.random(in: 1...5, using: &random)
    let homes = (0..<Int.random(in: 0...300, using: &random)).map { _ in Int.random(in: 1...nodes, using: &random) }
    let tasks = CoalescedBlocks(homes: homes, slots: Int.random(in: 1...4, using: &random)).tasks
    #expect(tasks.flatMap(\.self).sorted() == Array(homes.indices))
    for task in tasks {
      #expect(task == task.sorted() && (1...CoalescedBlocks.largestTaskBlocks).contains(task.count))
      #expect(Set(task.map { homes[$0] }).count == 1)
    }
    for node in 1...nodes {
      let own = tasks.filter { homes[$0[0]] == node }
      // What a node reads last is a block at a time.
      #expect(own.map(\.count) == own.map(\.count).sorted(by: >))
      #expect(own.flatMap(\.self) == own.flatMap(\.self).sorted())
      if let last = own.last { #expect(last.count == 1) }
    }
  }
}
