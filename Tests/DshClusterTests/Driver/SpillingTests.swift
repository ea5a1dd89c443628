// Which blocks go to disk, in which order, and when their memory is free: told by events alone.
import DshColumns
import DshStore
import Testing

@testable import DshCluster

struct SpillingTests {
  private func blocks(_ ordinals: [Int], byteCount: Int = 1 << 20) -> [(id: BlockID, byteCount: Int)] {
    ordinals.map { (BlockID(task: 9, ordinal: $0), byteCount) }
  }

  private func id(_ ordinal: Int) -> BlockID { BlockID(task: 9, ordinal: ordinal) }

  private func reader(_ task: UInt64, _ node: NodeIndex = 1) -> Spilling.Reader { Spilling.Reader(task: task, node: node) }

  @Test func whoWaitsGetsTheOldestThatNobodyReads() {
    var spilling = Spilling()
    spilling.taskSent(1, reading: [id(0)], on: 1)
    spilling.taskSent(2, reading: [], on: 1)
    spilling.needsRoom(2, request: 7, 100, on: 1)
    let actions = spilling.decide(running: [reader(1), reader(2)]) { $0 == 1 ? blocks([0, 1, 2], byteCount: 9 << 20) : [] }
    #expect(actions == [.spill([id(1), id(2)], on: 1)])
    // One writing at a time.
    #expect(spilling.decide(running: [reader(1), reader(2)]) { _ in blocks([0]) } == [])
    #expect(spilling.written([id(1), id(2)], on: 1, failed: false) == [.vacate([id(1), id(2)], on: 1)])
  }

  /// A task that was sent while a block was being written was told its place in memory.
  @Test func memoryStaysUntilItsReadersHaveAnswered() {
    var spilling = Spilling()
    spilling.taskSent(1, reading: [], on: 1)
    spilling.needsRoom(1, request: 7, 100, on: 1)
    #expect(spilling.decide(running: [reader(1)]) { _ in blocks([0, 1]) } == [.spill([id(0), id(1)], on: 1)])
    spilling.taskSent(2, reading: [id(0)], on: 2)
    #expect(spilling.written([id(0), id(1)], on: 1, failed: false) == [.vacate([id(1)], on: 1)])
    // Whoever comes now reads it on disk.
    spilling.taskSent(3, reading: [id(0)], on: 2)
    #expect(spilling.taskAnswered(2, on: 2) == [.vacate([id(0)], on: 1)])
    #expect(spilling.taskAnswered(3, on: 2) == [])
    #expect(!spilling.isWriting)
  }

  @Test func theLastOfThoseWhoWaitIsRefusedIfNobodyElseRuns() {
    var spilling = Spilling()
    for task in UInt64(1)...3 { spilling.taskSent(task, reading: [id(0)], on: 1) }
    spilling.needsRoom(1, request: 7, 5, on: 1)
    spilling.needsRoom(2, request: 7, 5, on: 1)
    let all: Set = [reader(1), reader(2), reader(3)]
    #expect(spilling.decide(running: all) { _ in blocks([0]) } == [], "the third may still answer")
    #expect(spilling.taskAnswered(3, on: 1) == [])
    #expect(spilling.decide(running: [reader(1), reader(2)]) { _ in blocks([0]) } == [.refuse(task: 2, request: 7, on: 1)])
    #expect(spilling.taskAnswered(2, on: 1) == [])
    #expect(spilling.decide(running: [reader(1)]) { _ in blocks([0]) } == [.refuse(task: 1, request: 7, on: 1)])
    #expect(spilling.decide(running: []) { _ in [] } == [])
  }

  @Test func aNodeThatCannotWriteIsNotAskedAgainInTheStatement() {
    var spilling = Spilling()
    spilling.taskSent(1, reading: [], on: 1)
    spilling.needsRoom(1, request: 7, 5, on: 1)
    #expect(spilling.decide(running: [reader(1)]) { _ in blocks([0]) } == [.spill([id(0)], on: 1)])
    #expect(spilling.written([], on: 1, failed: true) == [])
    #expect(spilling.decide(running: [reader(1)]) { _ in blocks([0]) } == [.refuse(task: 1, request: 7, on: 1)])
    spilling.statementEnded()
    spilling.needsRoom(1, request: 7, 5, on: 1)
    #expect(spilling.decide(running: [reader(1)]) { _ in blocks([0]) } == [.spill([id(0)], on: 1)])
  }

  @Test func deathsForgetReadersAndBlocks() {
    var spilling = Spilling()
    spilling.taskSent(1, reading: [], on: 1)
    spilling.needsRoom(1, request: 7, 5, on: 1)
    #expect(spilling.decide(running: [reader(1)]) { _ in blocks([0]) } == [.spill([id(0)], on: 1)])
    spilling.taskSent(2, reading: [id(0)], on: 2)
    #expect(spilling.written([id(0)], on: 1, failed: false) == [])
    #expect(spilling.nodeEnded(2) == [.vacate([id(0)], on: 1)], "the reader has died")
    #expect(spilling.nodeEnded(1) == [])
    #expect(spilling.decide(running: []) { _ in blocks([0]) } == [])
  }

  @Test func blocksAreWrittenBeforeAStoreIsFull() {
    var spilling = Spilling()
    let store = 100 << 20
    #expect(spilling.writeBehind(on: 1, storeBytes: store, candidates: blocks(Array(0..<33))) == [])
    let actions = spilling.writeBehind(on: 1, storeBytes: store, candidates: blocks(Array(0..<40)))
    #expect(actions == [.spill((0..<16).map(id), on: 1)])
    #expect(spilling.writeBehind(on: 1, storeBytes: store, candidates: blocks(Array(0..<90))) == [], "one writing at a time")
  }
}
