// Acquiring blocks: what nodes answer, and what becomes of it if they answer late or never.
@testable import DshCluster
import DshColumns
import DshStore
import Testing

struct AcquisitionTests {
  private func released(_ ids: [BlockID]) -> HeadMessage { .settle(Settlement(released: ids)) }

  @Test func itIsOverWhenAllNodesHaveAnswered() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(2, on: 1) + driver.makeBlocks(1, on: 2)
    let (id, requests) = driver.acquire(blocks)
    #expect(requests.keys.sorted() == [1, 2])
    driver.say(.acquired(request: try #require(requests[1]), missing: []), 1)
    #expect(!driver.state.acquisitions.isComplete(id))
    driver.say(.acquired(request: try #require(requests[2]), missing: []), 2)
    #expect(driver.state.acquisitions.isComplete(id))
    #expect(driver.state.acquisitions.finish(id).isEmpty)
    driver.tell { $0.release(blocks) }
    #expect(
      driver.takeActions() == [.send(released(blocks[..<2].map(\.id)), to: 1), .send(released([blocks[2].id]), to: 2)])
  }

  @Test func blocksThatAreNotThereAreMissing() throws {
    var driver = VirtualDriver(nodes: 1)
    let blocks = driver.makeBlocks(2, on: 1)
    let gone = BlockRef(id: BlockID(task: 999, ordinal: 0), node: 1, epoch: 0, byteCount: 8, rows: 1)
    let (id, requests) = driver.acquire(blocks + [gone])
    driver.say(.acquired(request: try #require(requests[1]), missing: [blocks[1].id]), 1)
    #expect(driver.state.acquisitions.isComplete(id))
    #expect(driver.state.acquisitions.finish(id) == [blocks[1].id, gone.id])
  }

  @Test func nothingIsWaitedForIfNoBlockIsThere() {
    var driver = VirtualDriver(nodes: 1)
    let gone = BlockRef(id: BlockID(task: 999, ordinal: 0), node: 1, epoch: 0, byteCount: 8, rows: 1)
    let (id, requests) = driver.acquire([gone])
    #expect(requests.isEmpty && driver.state.acquisitions.isComplete(id))
    #expect(driver.state.acquisitions.finish(id) == [gone.id])
  }

  @Test func cancellingReleasesWhatWasGrantedAndWhatIsGrantedLater() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(2, on: 1) + driver.makeBlocks(2, on: 2)
    let (id, requests) = driver.acquire(blocks)
    driver.say(.acquired(request: try #require(requests[1]), missing: [blocks[0].id]), 1)
    driver.tell { $0.cancel(id) }
    #expect(driver.takeActions() == [.send(released([blocks[1].id]), to: 1)])
    driver.say(.acquired(request: try #require(requests[2]), missing: [blocks[3].id]), 2)
    #expect(driver.takeActions() == [.send(released([blocks[2].id]), to: 2)])
  }

  @Test func whoIsLateCountsAsNotHavingTheBlocks() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(1, on: 1) + driver.makeBlocks(2, on: 2)
    let (id, requests) = driver.acquire(blocks, milliseconds: 300)
    #expect(driver.state.nextTick == driver.now + 300_000_000)
    driver.say(.acquired(request: try #require(requests[1]), missing: []), 1)
    driver.pass(milliseconds: 200)
    #expect(!driver.state.acquisitions.isComplete(id))
    driver.pass(milliseconds: 100)
    #expect(driver.state.acquisitions.isComplete(id))
    #expect(driver.state.acquisitions.finish(id) == Set(blocks[1...].map(\.id)))
    // What it grants when nobody waits any more is released, and only that.
    driver.say(.acquired(request: try #require(requests[2]), missing: [blocks[1].id]), 2)
    #expect(driver.takeActions() == [.send(released([blocks[2].id]), to: 2)])
  }

  @Test func nobodyWaitsForASilentNode() throws {
    var driver = VirtualDriver(nodes: 1)
    let blocks = driver.makeBlocks(1, on: 1)
    let (first, requests) = driver.acquire(blocks)
    driver.pass(milliseconds: 2_600, silent: [1])
    #expect(driver.state.takeEvents() == [.nodeSilent(name: "node1")])
    #expect(driver.state.acquisitions.isComplete(first))
    #expect(driver.state.acquisitions.finish(first) == [blocks[0].id])
    // It is asked all the same, as its answer would end the silence.
    let (second, more) = driver.acquire(blocks)
    #expect(driver.state.acquisitions.isComplete(second))
    #expect(driver.state.acquisitions.finish(second) == [blocks[0].id])
    for request in [requests, more] {
      driver.say(.acquired(request: try #require(request[1]), missing: []), 1)
      #expect(driver.takeActions() == [.send(released([blocks[0].id]), to: 1)])
    }
    #expect(driver.state.takeEvents() == [.nodeAnswers(name: "node1")])
  }

  @Test func aNodeThatEndsTakesAlongWhatItGranted() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(1, on: 1) + driver.makeBlocks(1, on: 2)
    let (id, requests) = driver.acquire(blocks)
    driver.say(.acquired(request: try #require(requests[1]), missing: []), 1)
    driver.end(1)
    #expect(!driver.state.acquisitions.isComplete(id))
    driver.end(2)
    #expect(driver.state.acquisitions.isComplete(id))
    #expect(driver.state.acquisitions.finish(id) == Set(blocks.map(\.id)))
    // A process that comes after knows nothing of the request.
    _ = driver.takeActions()
    driver.say(.ready(processID: 2), 2)
    _ = driver.takeActions()
    driver.say(.acquired(request: try #require(requests[2]), missing: []), 2)
    #expect(driver.takeActions().isEmpty)
  }

  @Test func onlyTheNodeThatWasAskedAnswers() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(1, on: 1)
    let (id, requests) = driver.acquire(blocks)
    driver.say(.acquired(request: try #require(requests[1]), missing: []), 2)
    #expect(!driver.state.acquisitions.isComplete(id))
  }

  @Test func anAnswerToNothingSaysThatAllBeforeItIsDone() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    driver.start(3)
    _ = driver.takeActions()
    let id = driver.tell { $0.acquireNothing(now: 0) }
    // The node that is not up yet is not asked.
    let asked = driver.takeActions().compactMap { if case .send(.acquire(let request, []), let node) = $0 { (request, node) } else { nil } }
    #expect(asked.map(\.1) == [1, 2])
    for (request, node) in asked { driver.say(.acquired(request: request, missing: []), node) }
    #expect(driver.state.acquisitions.isComplete(id))
    #expect(driver.takeActions().isEmpty)
  }
}
