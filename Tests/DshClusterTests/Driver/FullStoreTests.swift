// What a driver does about stores that fill up: blocks go to disk in time, and for tasks that have found no room.
import DshColumns
import DshDiagnostics
import DshStore
import Testing

@testable import DshCluster

struct FullStoreTests {
  private static let blockBytes = Spilling.batchBytes

  /// A node whose store takes nine blocks, of which three may stay in memory, with tasks in hand.
  private func driver(tasks: Int, nodes: Int = 1) -> VirtualDriver {
    let storeBytes = 9 * Self.blockBytes
    var driver =
      nodes == 1 ? VirtualDriver(nodes: 1, spillingStoreBytes: storeBytes) : VirtualDriver(nodes: 1, 2, spillingStoreBytes: storeBytes)
    driver.begin(tasks: tasks)
    return driver
  }

  private func written(_ driver: inout VirtualDriver) -> [BlockID] {
    driver.takeActions().flatMap { action -> [BlockID] in
      if case .send(.spill(let blocks), _) = action { blocks } else { [] }
    }
  }

  /// What a node says when it has written blocks.
  private func onDisk(_ blocks: [BlockRef]) -> NodeMessage {
    let locations = blocks.enumerated().map { BlockLocation($0.element, .disk(offset: $0.offset * Self.blockBytes)) }
    return .spilled(locations, failure: nil, isFirst: false)
  }

  @Test func whatIsMadeWhileOthersAreWrittenIsWrittenThen() {
    var driver = driver(tasks: 2)
    let sent = driver.sentTasks
    let first = driver.answer(sent[0].task, on: 1, blocks: 4, blockBytes: Self.blockBytes)
    driver.say(.taskDone(first), 1)
    #expect(written(&driver) == [first.blocks[0].block.id])
    let second = driver.answer(sent[1].task, on: 1, blocks: 3, blockBytes: Self.blockBytes)
    driver.say(.taskDone(second), 1)
    #expect(written(&driver) == [], "one writing at a time")
    #expect(driver.state.isPuttingAway)
    driver.say(onDisk([first.blocks[0].block]), 1)
    let rest = first.blocks[1...3].map(\.block)
    #expect(written(&driver) == rest.map(\.id), "no further block has to be made for that")
    driver.say(onDisk(rest), 1)
    #expect(written(&driver) == [])
    #expect(!driver.state.isPuttingAway)
  }

  @Test func aNodeThatDoesNotAnswerIsNotWaitedFor() {
    var driver = driver(tasks: 1)
    driver.say(.taskDone(driver.answer(driver.sentTasks[0].task, on: 1, blocks: 4, blockBytes: Self.blockBytes)), 1)
    #expect(driver.state.isPuttingAway)
    driver.pass(milliseconds: 3_000, silent: [1])
    #expect(!driver.state.isPuttingAway)
  }

  /// Tasks on several nodes read the same blocks in memory, as those of an exchange do: none of them may keep the others from theirs.
  @Test func blocksThatOtherTasksReadGoToDiskForATaskWithoutRoom() throws {
    var driver = driver(tasks: 1, nodes: 2)
    let made = driver.answer(driver.sentTasks[0].task, on: driver.sentTasks[0].node, blocks: 3, blockBytes: Self.blockBytes)
    driver.say(.taskDone(made), made.node)
    driver.sendTasks()
    driver.tell { [now = driver.now] in $0.resultReceived(.enough, now: now) }
    driver.sendTasks()
    try driver.endJob()
    let blocks = made.blocks.map(\.block)
    _ = driver.takeActions()
    driver.begin(tasks: 2, inputs: blocks)
    let readers = driver.sentTasks
    #expect(readers.count == 2)
    _ = driver.takeActions()
    driver.say(.taskFailed(task: readers[0].task, Diagnostic(.storeFull, "full"), evicted: []), readers[0].node)
    #expect(written(&driver) == blocks.map(\.id))
    driver.say(onDisk(blocks), made.node)
    #expect(!driver.takeActions().contains { if case .send(.vacate, _) = $0 { true } else { false } }, "the other reads them in memory")
    driver.say(.taskDone(driver.answer(readers[1].task, on: readers[1].node)), readers[1].node)
    let freed = driver.takeActions().flatMap { action -> [BlockID] in
      if case .send(.vacate(let ids), _) = action { ids } else { [] }
    }
    #expect(freed == blocks.map(\.id))
  }
}
