// The steps of a job: tasks are made, results delivered, and what nobody wants any more is taken back.
@testable import DshCluster
import DshColumns
import DshDiagnostics
import DshStore
import Testing

struct JobStepTests {
  /// The index that is delivered next.
  private func delivered(_ driver: inout VirtualDriver) -> Int? {
    if case .deliver(let result) = driver.sendTasks() { result.index } else { nil }
  }

  private func hasEnded(_ driver: inout VirtualDriver) -> Bool {
    if case .ended = driver.sendTasks() { true } else { false }
  }

  @Test func resultsComeInOrder() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    driver.begin(tasks: 3)
    let sent = driver.sentTasks.sorted { $0.task < $1.task }
    #expect(sent.count == 3)
    for (task, node) in sent.reversed() {
      #expect(delivered(&driver) == nil)
      driver.say(.taskDone(driver.answer(task, on: node, blocks: 1)), node)
    }
    for index in 0..<3 {
      #expect(delivered(&driver) == index)
      driver.tell { $0.resultReceived(.more, now: 0) }
    }
    #expect(hasEnded(&driver))
    try driver.endJob()
  }

  @Test func enoughCancelsWhatRunsAndFreesWhatIsDone() throws {
    var driver = VirtualDriver(nodes: 1, 2)
    driver.begin(tasks: 4)
    let sent = driver.sentTasks.sorted { $0.task < $1.task }
    let answers = sent.map { driver.answer($0.task, on: $0.node, blocks: 1) }
    // The second is delivered behind the first; the third is done and waits for nobody.
    for index in [0, 1, 2] { driver.say(.taskDone(answers[index]), sent[index].node) }
    #expect(delivered(&driver) == 0)
    _ = driver.takeActions()
    driver.tell { $0.resultReceived(.enough, now: 0) }
    #expect(hasEnded(&driver))
    let actions = driver.takeActions()
    #expect(actions.contains(.send(.cancel([sent[3].task]), to: sent[3].node)))
    let withdrawn = actions.compactMap { if case .withdraw(let ids) = $0 { ids } else { nil } }.flatMap(\.self)
    #expect(withdrawn.sorted() == answers[1...2].flatMap { $0.blocks.map(\.block.id) }.sorted())
    try driver.endJob()
    // The result that was received is the receiver's.
    #expect(driver.state.directory.entries.keys.map(\.self) == answers[0].blocks.map(\.block.id))
  }

  @Test func aResultThatIsOfNoUseIsMadeAgain() {
    var driver = VirtualDriver(nodes: 1)
    driver.begin(tasks: 2)
    let sent = driver.sentTasks.sorted { $0.task < $1.task }
    for (task, node) in sent { driver.say(.taskDone(driver.answer(task, on: node)), node) }
    _ = driver.takeActions()
    #expect(delivered(&driver) == 0)
    driver.tell { $0.resultReceived(.again, now: 0) }
    // The one behind it is not delivered before it.
    #expect(delivered(&driver) == nil)
    #expect(driver.sentTasks.map(\.task) == [sent[0].task])
    driver.say(.taskDone(driver.answer(sent[0].task, on: 1)), 1)
    for index in 0..<2 {
      #expect(delivered(&driver) == index)
      driver.tell { $0.resultReceived(.more, now: 0) }
    }
    #expect(hasEnded(&driver))
  }

  @Test func aTaskThatReadsALostBlockFails() {
    var driver = VirtualDriver(nodes: 1)
    let lost = BlockRef(id: BlockID(task: 999, ordinal: 0), node: 1, epoch: 0, byteCount: 8, rows: 1)
    driver.begin(tasks: 4, inputs: [lost])
    // Those that would have been started with it are taken back, not sent and cancelled.
    #expect(driver.takeActions().isEmpty)
    #expect(hasEnded(&driver))
    #expect(driver.state.scheduler.runningTasks == 0)
    let error = #expect(throws: Diagnostic.self) { try driver.endJob() }
    #expect(error?.code == .blockLost)
  }

  @Test func addressesGoWithTheTask() {
    var driver = VirtualDriver(nodes: 1, 2)
    let blocks = driver.makeBlocks(2, on: 1)
    driver.begin(tasks: 1, on: 2, inputs: blocks)
    guard case .send(.runTask(_, _, let locations), to: 2) = driver.takeActions().first else {
      Issue.record("the task was not sent")
      return
    }
    #expect(locations.map(\.block) == blocks && locations.map(\.place) == [.memory(offset: 4096), .memory(offset: 4096)])
  }

  @Test func cancellingNamesItself() {
    var driver = VirtualDriver(nodes: 1)
    driver.begin(tasks: 1)
    let task = driver.sentTasks[0].task
    _ = driver.takeActions()
    driver.tell { $0.cancelJob(now: 0) }
    #expect(driver.takeActions() == [.send(.cancel([task]), to: 1)])
    #expect(hasEnded(&driver))
    let error = #expect(throws: Diagnostic.self) { try driver.endJob() }
    #expect(error?.category == .cancelled)
    #expect(driver.state.abandoned.nodes == [1])
    driver.tell { $0.endAbandoned() }
    #expect(driver.takeActions() == [.kill(1)])
  }

  @Test func whatADeadNodeHadDoneRunsAgain() {
    var driver = VirtualDriver(nodes: 1, 2)
    driver.begin(tasks: 3, on: 1)
    let sent = driver.sentTasks.sorted { $0.task < $1.task }
    // The second is done, the first runs; both were on the node that dies.
    #expect(sent[0].node == 1 && sent[1].node == 1)
    driver.say(.taskDone(driver.answer(sent[1].task, on: 1, blocks: 1)), 1)
    #expect(delivered(&driver) == nil)
    _ = driver.takeActions()
    driver.tell { $0.kill(1) }
    #expect(driver.takeActions() == [.end(1)])
    driver.end(1)
    #expect(delivered(&driver) == nil)
    #expect(driver.sentTasks.map(\.task) == sent.map(\.task) && driver.sentTasks.allSatisfy { $0.node == 2 })
  }

  @Test func theBlocksOfAResultThatIsOfNoUseGoAtOnce() {
    var driver = VirtualDriver(nodes: 1, 2)
    _ = driver.abandonTask(on: 2)
    driver.begin(tasks: 1, on: 1)
    let answer = driver.answer(driver.sentTasks[0].task, on: 1, blocks: 1)
    driver.say(.taskDone(answer), 1)
    #expect(delivered(&driver) == 0)
    _ = driver.takeActions()
    driver.tell { $0.resultReceived(.again, now: 0) }
    // The next block of the task has the same name: it must not meet with an earlier one, nor with the end of that.
    let ids = answer.blocks.map(\.block.id)
    #expect(driver.takeActions() == [.withdraw(ids), .send(.settle(Settlement(freed: ids)), to: 1)])
  }

  @Test func noTaskRunsTwiceAtOnceOnANode() {
    var driver = VirtualDriver(nodes: 1)
    driver.begin(tasks: 1)
    let task = driver.sentTasks[0].task
    driver.pass(milliseconds: 3_000, silent: [1])
    _ = driver.takeActions()
    // It answers again, and still runs what nobody else could take.
    driver.say(.acquired(request: 0, missing: []), 1)
    driver.sendTasks()
    #expect(driver.sentTasks.isEmpty)
    driver.say(.taskDone(driver.answer(task, on: 1, blocks: 1)), 1)
    #expect(delivered(&driver) == 0)
  }

  /// A task on node 1, which is silent for a while, so that node 2 runs it too; then it answers again.
  private func runningTwice() -> (driver: VirtualDriver, task: UInt64) {
    var driver = VirtualDriver(nodes: 1, 2)
    driver.begin(tasks: 1, on: 1)
    let task = driver.sentTasks[0].task
    driver.pass(milliseconds: 3_000, silent: [1])
    driver.sendTasks()
    #expect(driver.sentTasks.map(\.node) == [1, 2])
    driver.say(.acquired(request: 0, missing: []), 1)
    _ = driver.takeActions()
    return (driver, task)
  }

  @Test func whenOneOfTwoDiesTheOtherGoesOn() {
    var (driver, task) = runningTwice()
    driver.tell { $0.kill(2) }
    driver.end(2)
    driver.sendTasks()
    #expect(driver.sentTasks.isEmpty)
    driver.say(.taskDone(driver.answer(task, on: 1, blocks: 1)), 1)
    #expect(delivered(&driver) == 0)
  }

  @Test func theSlowerOfTwoIsCancelledAndWhatItMadeIsFreed() {
    var (driver, task) = runningTwice()
    driver.say(.taskDone(driver.answer(task, on: 2, blocks: 1)), 2)
    #expect(driver.takeActions().contains(.send(.cancel([task]), to: 1)))
    #expect(delivered(&driver) == 0)
    driver.tell { $0.resultReceived(.more, now: 0) }
    #expect(hasEnded(&driver))
    // It was done before it heard of that.
    let late = driver.answer(task, on: 1, blocks: 1)
    driver.say(.taskDone(late), 1)
    #expect(driver.takeActions().contains(.send(.settle(Settlement(freed: late.blocks.map(\.block.id))), to: 1)))
    #expect(driver.state.directory.blocks(of: 1) == 0 && driver.state.directory.blocks(of: 2) == 1)
    #expect(driver.state.abandoned.isEmpty)
  }

  @Test func aTaskThatGoesBackToANodeWaitsForItsEarlierSelf() {
    var (driver, task) = runningTwice()
    driver.say(.taskDone(driver.answer(task, on: 2)), 2)
    #expect(delivered(&driver) == 0)
    driver.tell { $0.resultReceived(.again, now: 0) }
    driver.tell { $0.kill(2) }
    driver.end(2)
    _ = driver.takeActions()
    driver.sendTasks()
    #expect(driver.sentTasks.isEmpty)
    let answer = driver.answer(task, on: 1, blocks: 1)
    driver.say(.taskDone(answer), 1)
    driver.sendTasks()
    #expect(driver.sentTasks.map(\.node) == [1])
    // What the earlier one made goes before that.
    #expect(driver.takeActions().first == .send(.settle(Settlement(freed: answer.blocks.map(\.block.id))), to: 1))
  }
}
