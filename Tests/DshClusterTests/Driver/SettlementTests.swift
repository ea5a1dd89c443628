// Settling blocks: at once, or when no cancelled task can read them any more.
@testable import DshCluster
import DshColumns
import DshStore
import Testing

struct SettlementTests {
  @Test func blocksAreSettledAtOnceIfNobodyMayBeReading() {
    var driver = VirtualDriver(nodes: 1)
    let blocks = driver.makeBlocks(2, on: 1)
    driver.tell { $0.settle([blocks[0]], as: .pinned) }
    driver.tell { $0.settle([blocks[1]], as: .freed) }
    #expect(
      driver.takeActions() == [
        .send(.settle(Settlement(pinned: [blocks[0].id])), to: 1), .withdraw([blocks[1].id]),
        .send(.settle(Settlement(freed: [blocks[1].id])), to: 1),
      ])
    #expect(driver.state.directory.entries.values.map(\.state) == [.pinned])
    // What is gone is passed over.
    driver.tell { $0.settle(blocks, as: .freed) }
    #expect(driver.takeActions() == [.withdraw([blocks[0].id]), .send(.settle(Settlement(freed: [blocks[0].id])), to: 1)])
  }

  @Test func whatLoosensProtectionWaitsForCancelledTasks() {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(3, on: 1)
    let task = driver.abandonTask(on: 2, reading: blocks)
    driver.tell { $0.settle([blocks[0]], as: .pinned) }
    #expect(driver.takeActions() == [.send(.settle(Settlement(pinned: [blocks[0].id])), to: 1)])
    driver.tell { $0.settle([blocks[1]], as: .freed) }
    driver.tell { $0.release([blocks[2]]) }
    // Nobody finds it any more, but its bytes stay.
    #expect(driver.takeActions() == [.withdraw([blocks[1].id])])
    driver.say(.taskFailed(task: task, TaskContext.cancellation, evicted: []), 2)
    #expect(
      driver.takeActions() == [
        .send(.settle(Settlement(freed: [blocks[1].id])), to: 1), .send(.settle(Settlement(released: [blocks[2].id])), to: 1),
      ])
  }

  @Test func theEndOfTheLastReaderCountsAsAnAnswer() {
    var driver = VirtualDriver(nodes: 1, 2, 3)
    let blocks = driver.makeBlocks(1, on: 1)
    _ = driver.abandonTask(on: 2, reading: blocks)
    let task = driver.abandonTask(on: 3, reading: blocks)
    driver.tell { $0.settle(blocks, as: .freed) }
    driver.say(.taskDone(driver.answer(task, on: 3)), 3)
    #expect(driver.takeActions() == [.withdraw(blocks.map(\.id))])
    driver.end(2)
    #expect(driver.takeActions().contains(.send(.settle(Settlement(freed: blocks.map(\.id))), to: 1)))
  }

  @Test func aLaterProcessIsNotToldWhatWasMeantForAnEarlierOne() {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(1, on: 1)
    let task = driver.abandonTask(on: 2, reading: blocks)
    driver.tell { $0.release(blocks) }
    driver.end(1)
    _ = driver.takeActions()
    driver.say(.taskFailed(task: task, TaskContext.cancellation, evicted: []), 2)
    #expect(driver.takeActions().isEmpty)
  }

  @Test func patienceWithCancelledTasksEnds() {
    var driver = VirtualDriver(nodes: 1, 2)
    _ = driver.abandonTask(on: 2)
    driver.pass(milliseconds: 1_900)
    #expect(driver.takeActions().isEmpty)
    driver.pass(milliseconds: 100)
    #expect(driver.takeActions() == [.kill(2)])
    driver.end(2)
    #expect(driver.state.abandoned.isEmpty)
  }

  @Test func whatACancelledTaskMadeIsFreed() {
    var driver = VirtualDriver(nodes: 1)
    let task = driver.abandonTask(on: 1)
    let answer = driver.answer(task, on: 1, blocks: 2)
    driver.say(.taskDone(answer), 1)
    #expect(driver.takeActions() == [.send(.settle(Settlement(freed: answer.blocks.map(\.block.id))), to: 1)])
    #expect(driver.state.directory.entries.isEmpty)
  }

  @Test func evictedBlocksAreTold() {
    var driver = VirtualDriver(nodes: 1)
    let blocks = driver.makeBlocks(2, on: 1)
    driver.begin(tasks: 1)
    var answer = driver.answer(driver.sentTasks[0].task, on: 1)
    answer.evicted = [blocks[1].id]
    driver.say(.taskDone(answer), 1)
    #expect(driver.takeActions().contains(.withdraw([blocks[1].id])))
    #expect(driver.state.takeEvents() == [.blocksEvicted([blocks[1].id])])
    #expect(driver.state.directory.contains(blocks[0]) && !driver.state.directory.contains(blocks[1]))
  }

  @Test func onlyTasksThatReadBlocksCanMoveSomething() {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(1, on: 1)
    _ = driver.abandonTask(on: 2)
    #expect(!driver.state.abandoned.mayMove)
    let task = driver.abandonTask(on: 2, reading: blocks)
    #expect(driver.state.abandoned.mayMove)
    driver.say(.taskFailed(task: task, TaskContext.cancellation, evicted: []), 2)
    #expect(!driver.state.abandoned.mayMove && !driver.state.abandoned.isEmpty)
  }

  @Test func aBlockThatWasFreedIsReleasedAllTheSame() {
    var driver = VirtualDriver(nodes: 1)
    let blocks = driver.makeBlocks(1, on: 1)
    driver.tell { $0.settle(blocks, as: .freed) }
    _ = driver.takeActions()
    // The node keeps it for whoever has acquired it.
    driver.tell { $0.release(blocks) }
    #expect(driver.takeActions() == [.send(.settle(Settlement(released: blocks.map(\.id))), to: 1)])
  }
}
