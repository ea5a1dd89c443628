// The lives of nodes: start, silence, death, replacement, draining.
@testable import DshCluster
import DshColumns
import DshDiagnostics
import DshStore
import Testing

struct NodeLifeTests {
  @Test func everyNodeGetsTheArenasOfAllOthers() {
    var driver = VirtualDriver(nodes: 1)
    driver.start(2)
    #expect(driver.takeActions() == [.share(arenaOf: 0, with: 2), .share(arenaOf: 1, with: 2)])
    driver.say(.ready(processID: 2), 2)
    #expect(driver.takeActions() == [.share(arenaOf: 2, with: 1)])
  }

  @Test func aDeadNodeIsReplacedWithANewEpoch() {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(2, on: 1)
    driver.end(1)
    #expect(
      driver.takeActions() == [
        .send(.peerGone(1), to: 2), .withdraw(blocks.map(\.id)), .start(1, epoch: 1), .share(arenaOf: 0, with: 1),
        .share(arenaOf: 2, with: 1),
      ])
    #expect(
      driver.state.takeEvents() == [
        .nodeLost(
          name: "node1", processID: 100, words: nil, replaced: true, blocksLost: blocks.map(\.id),
          bytesLost: blocks.reduce(0) { $0 + $1.byteCount }, tasksAgain: 0)
      ])
    #expect(driver.state.deaths.told == ["node1 (process 100)"])
    #expect(driver.state.status(of: 1) == .starting)
    driver.end(1)
    #expect(driver.takeActions().contains(.start(1, epoch: 2)))
  }

  @Test func lateMessagesAreNotTakenForThoseOfTheNewProcess() {
    var driver = VirtualDriver(nodes: 1)
    driver.begin(tasks: 1)
    let task = driver.sentTasks[0].task
    driver.end(1)
    driver.say(.ready(processID: 1), 1)
    driver.sendTasks()
    #expect(driver.sentTasks.map(\.task) == [task, task])
    _ = driver.takeActions()
    driver.say(.taskDone(driver.answer(task, on: 1, blocks: 1, epoch: 0)), 1, epoch: 0)
    guard case .wait = driver.sendTasks() else {
      Issue.record("an answer of the dead process was taken")
      return
    }
    #expect(driver.takeActions().isEmpty)
    // A block of an earlier process in an answer of the present one is nonsense, and ends it.
    driver.say(.taskDone(driver.answer(task, on: 1, blocks: 1, epoch: 0)), 1)
    #expect(driver.takeActions() == [.kill(1)])
  }

  @Test func whatANodeSaidBeforeItEndedIsTold() {
    var driver = VirtualDriver(nodes: 1)
    driver.say(.taskFailed(task: 0, Diagnostic(.outOfMemory, "no thread could be had"), evicted: []), 1)
    driver.end(1)
    #expect(
      driver.state.takeEvents() == [
        .nodeLost(
          name: "node1", processID: 100, words: "no thread could be had", replaced: true, blocksLost: [], bytesLost: 0, tasksAgain: 0)
      ])
  }

  @Test func aNodeThatCannotStartIsGivenUp() {
    var driver = VirtualDriver(nodes: 1)
    driver.start(2)
    for _ in 1..<Supervision.startLimit { driver.end(2) }
    #expect(driver.state.takeEvents().count == Supervision.startLimit - 1)
    _ = driver.takeActions()
    driver.end(2)
    #expect(driver.takeActions() == [.send(.peerGone(2), to: 1)])
    #expect(driver.state.takeEvents() == [.nodeNotStarted(name: "node2", reason: Diagnostic(.nodeEnded, "ended by signal 9"))])
    #expect(driver.state.membership.indexes == [1])
  }

  @Test func aReplacementThatCannotBeStartedIsToldWithTheDeath() {
    var driver = VirtualDriver(nodes: 1)
    driver.end(1, restarts: false)
    #expect(
      driver.state.takeEvents() == [
        .nodeLost(name: "node1", processID: 100, words: nil, replaced: false, blocksLost: [], bytesLost: 0, tasksAgain: 0),
        .nodeNotStarted(name: "node1", reason: Diagnostic(.nodeEnded, "no process")),
      ])
    driver.begin(tasks: 1)
    let error = #expect(throws: Diagnostic.self) { try driver.endJob() }
    #expect(error?.code == .clusterLost && error?.notes.first == "no process")
  }

  @Test func silentNodesGetNoTasksUntilTheyAnswer() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    driver.pass(milliseconds: 3_000, silent: [1])
    #expect(driver.state.takeEvents() == [.nodeSilent(name: "node1")])
    #expect(driver.state.takers == [2] && driver.state.status(of: 1) == .silent)
    driver.begin(tasks: 1, on: 1)
    let task = try #require(driver.sentTasks.first)
    #expect(task.node == 2)
    driver.say(.acquired(request: 0, missing: []), 1)
    #expect(driver.state.takeEvents() == [.nodeAnswers(name: "node1")])
    #expect(driver.state.takers == [1, 2] && driver.state.status(of: 1) == .up)
    driver.say(.taskDone(driver.answer(task.task, on: 2)), 2)
    driver.sendTasks()
    driver.tell { $0.resultReceived(.more, now: 0) }
    driver.sendTasks()
    try driver.endJob()
    _ = driver.takeActions()
    driver.begin(tasks: 1, on: 1)
    #expect(driver.sentTasks.map(\.node) == [1])
  }

  @Test func aNodeThatStaysSilentIsEnded() {
    var driver = VirtualDriver(nodes: 1, 2)
    driver.pass(milliseconds: 11_000, silent: [1])
    #expect(driver.takeActions().first == .end(1))
  }

  // MARK: Draining

  @Test func drainingEndsWithTheLastBlock() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(2, on: 1)
    try driver.drain(1)
    #expect(driver.takeActions().isEmpty && driver.state.status(of: 1) == .draining)
    driver.tell { $0.settle([blocks[0]], as: .freed) }
    #expect(!driver.takeActions().contains(.end(1)))
    driver.tell { $0.settle([blocks[1]], as: .freed) }
    #expect(driver.takeActions().suffix(2) == [.send(.shutdown, to: 1), .end(1)])
    driver.end(1)
    #expect(driver.takeActions() == [.send(.peerGone(1), to: 2)])
    // Its end was wished for: nothing is told, nobody comes in its place.
    #expect(driver.state.takeEvents().isEmpty && driver.state.deaths.told.isEmpty)
    #expect(driver.state.membership.freeIndex == 1)
  }

  @Test func drainingEndsWithTheLastTask() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    let task = driver.abandonTask(on: 1)
    try driver.drain(1)
    #expect(driver.takeActions().isEmpty)
    driver.say(.taskFailed(task: task, TaskContext.cancellation, evicted: []), 1)
    #expect(driver.takeActions() == [.send(.shutdown, to: 1), .end(1)])
  }

  @Test func theLastNodeStays() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    _ = driver.makeBlocks(1, on: 1)
    try driver.drain(1)
    let error = #expect(throws: Diagnostic.self) { try driver.drain(2) }
    #expect(error?.code == .lastNode)
    driver.tell { $0.keep(1) }
    #expect(driver.state.takers == [1, 2])
    try driver.drain(2)
  }

  @Test func nodesAreFoundByName() throws {
    let driver = VirtualDriver(nodes: 1, 2)
    #expect(try driver.state.membership.node(named: "node2") == 2)
    let head = #expect(throws: Diagnostic.self) { try driver.state.membership.node(named: "head") }
    #expect(head?.code == .notANode)
    let unknown = #expect(throws: Diagnostic.self) { try driver.state.membership.node(named: "node22") }
    #expect(unknown?.code == .unknownNode && unknown?.suggestion == didYouMean("node2"))
  }
}
