// Real node processes: start, tasks, blocks pulled, failures, deaths, cancelling, and nothing left behind.
@testable import DshCluster
import DshDiagnostics
import DshStore
import DshSystem
import Foundation
import Testing
import DshColumns

extension Cluster {
  /// Runs tasks to the end; all results, in order.
  fileprivate func results(_ set: TaskSet) throws(Diagnostic) -> [TaskResult] {
    var results: [TaskResult] = []
    try run(set) { result throws(Diagnostic) in
      results.append(result)
      return .more
    }
    return results
  }
}

@Suite(.serialized) struct ClusterTests {
  /// Starts a cluster of test nodes, which stand beside the test bundle.
  static func cluster(nodes: Int = 2, slots: Int = 1, storeBytes: Int = 64 << 20, deterministic: Bool = false) throws -> Cluster {
    var options = ClusterOptions(nodes: nodes, slots: slots, storeBytes: storeBytes)
    options.isDeterministic = deterministic
    options.nodeProgram = (try Self.echoNode(), ["EchoNode"])
    let cluster = try Cluster(options)
    try cluster.start()
    return cluster
  }

  static func echoNode() throws -> String {
    // The bundle of the tests is mapped into this process; the test node is built into the same folder.
    let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
    let bundle = maps.split(separator: "\n").compactMap { $0.split(separator: " ").last }.first { $0.contains("PackageTests") }
    let path = try #require(bundle)
    return URL(fileURLWithPath: String(path)).deletingLastPathComponent().appendingPathComponent("EchoNode").path
  }

  static func tasks(_ texts: [String], on node: Int? = nil, window: Int? = nil) -> TaskSet {
    TaskSet(count: texts.count, window: window, preferredNode: { _ in node }) { TaskSet.Task(payload: Array(texts[$0].utf8)) }
  }

  @Test func tasksRunAndAnswerInOrder() throws {
    let cluster = try Self.cluster()
    let results = try cluster.results(Self.tasks((0..<50).map { "echo \($0)" }))
    #expect(results.map { String(decoding: $0.payload, as: UTF8.self) } == (0..<50).map { "echo \($0)" })
    cluster.close()
  }

  @Test func aBlockIsPulledIntoTheHeadAndCounted() throws {
    let cluster = try Self.cluster()
    let result = try #require(try cluster.results(Self.tasks(["block 100000 7"])).first)
    let location = try #require(result.blocks.first)
    #expect(location.byteCount == 100_000 && location.rows == 100_000)
    let context = cluster.headContext()
    let source = try context.bytes(of: location)
    let own = try context.createBlock(byteCount: 1000)
    try context.copy(500..<1500, of: source, into: own.bytes)
    context.seal(own, rows: 1000)
    #expect(own.bytes.allSatisfy { $0 == 7 })
    #expect(context.tally.moved == [MovedBytes(from: location.node, byteCount: 1000)])
    #expect(cluster.transfers() == [Transfer(from: location.node, to: 0, movedBytes: 1000, mappedBytes: 0)])
    #expect(throws: Diagnostic.self) { try context.copy(99_999..<100_001, of: source, into: own.bytes) }
    cluster.settle([location], as: .pinned)
    cluster.settle(context.madeBlocks.map(\.block), as: .freed)
    #expect(cluster.blocks().map(\.state) == [.pinned])
    cluster.close()
  }

  @Test func nodesPullFromEachOther() throws {
    let cluster = try Self.cluster(nodes: 3)
    let made = try #require(try cluster.results(Self.tasks(["block 5000 9"], on: 2)).first?.blocks.first)
    #expect(made.node == 2)
    let pull = "pull 2 \(made.epoch) \(made.byteCount) \(made.rows) \(made.id.task) \(made.id.ordinal)"
    let pulls = TaskSet(count: 2, preferredNode: { [1, 3][$0] }) { _ in TaskSet.Task(payload: Array(pull.utf8), rows: [BlockSlice(made)]) }
    let results = try cluster.results(pulls)
    #expect(results.map(\.payload) == [[9], [9]])
    #expect(results.map(\.moved) == [[MovedBytes(from: 2, byteCount: 5000)], [MovedBytes(from: 2, byteCount: 5000)]])
    #expect(cluster.transfers().map(\.movedBytes) == [5000, 5000])
    cluster.close()
  }

  @Test func theEarliestFailureIsReported() throws {
    let cluster = try Self.cluster(nodes: 2, slots: 2)
    for _ in 0..<20 {
      let error = #expect(throws: Diagnostic.self) {
        try cluster.results(Self.tasks(["sleep 2", "fail first", "fail second", "sleep 1", "fail third"]))
      }
      #expect(error?.message == "asked to fail: first")
      #expect(error?.notes == ["a note"])
    }
    #expect(cluster.blocks().isEmpty)
    cluster.close()
  }

  @Test func enoughCancelsTheRest() throws {
    let cluster = try Self.cluster(nodes: 2)
    var received: [Int] = []
    let texts = ["block 10 1", "block 10 2", "sleep 10000", "sleep 10000", "sleep 10000"]
    var started: Set<Int> = []
    let set = TaskSet(count: texts.count, window: 3) { index in
      started.insert(index)
      return TaskSet.Task(payload: Array(texts[index].utf8))
    }
    try cluster.run(set) { result throws(Diagnostic) in
      received.append(result.index)
      cluster.settle(result.blocks, as: .freed)
      return result.index == 1 ? .enough : .more
    }
    #expect(received == [0, 1])
    #expect(started.count <= 4)
    #expect(try cluster.results(Self.tasks(["echo"])).count == 1)
    cluster.close()
  }

  @Test func cancellingTakesLessThanATenthOfASecond() throws {
    let cluster = try Self.cluster(nodes: 2)
    _ = try cluster.results(Self.tasks(["echo"]))
    let event = try EventDescriptor()
    try startThread {
      usleep(100_000)
      event.raise()
    }
    let start = monotonicNanoseconds()
    let error = #expect(throws: Diagnostic.self) {
      cluster.cancellation = event.number
      _ = try cluster.results(Self.tasks(["sleep 10000", "sleep 10000", "sleep 10000"]))
    }
    cluster.cancellation = nil
    #expect(error?.category == .cancelled)
    #expect(monotonicNanoseconds() - start < 200_000_000)
    #expect(try cluster.results(Self.tasks(["echo", "echo"])).count == 2)
    cluster.close()
  }

  @Test func aDyingNodeIsReplacedAndItsTasksRunAgain() throws {
    let cluster = try Self.cluster(nodes: 2)
    let kept = try #require(try cluster.results(Self.tasks(["block 100 1"], on: 1)).first?.blocks)
    cluster.settle(kept, as: .pinned)
    let victim = try #require(cluster.nodes().first { $0.name == "node1" }).processID
    try startThread {
      usleep(30_000)
      kill(victim, SIGKILL)
    }
    let results = try cluster.results(Self.tasks((0..<8).map { _ in "sleep 20" }))
    #expect(results.count == 8)
    #expect(
      cluster.takeEvents() == [
        .nodeLost(
          name: "node1", processID: victim, words: nil, replaced: true, blocksLost: kept.map(\.id),
          bytesLost: kept.reduce(0) { $0 + $1.byteCount }, tasksAgain: 1)
      ])
    #expect(cluster.contains(kept[0]) == false)
    let error = #expect(throws: Diagnostic.self) { try cluster.headContext().bytes(of: kept[0]) }
    #expect(error?.code == .blockLost)
    cluster.close()
  }

  @Test func aTaskThatKillsItsNodesIsBlamed() throws {
    let cluster = try Self.cluster(nodes: 2, slots: 2)
    let error = #expect(throws: Diagnostic.self) { try cluster.results(Self.tasks(["sleep 5", "sleep 5", "die", "sleep 5", "sleep 5"])) }
    #expect(error?.code == .taskKilledNode)
    #expect(error?.message.hasSuffix("task 2") == true)
    #expect(try cluster.results(Self.tasks(["echo"])).count == 1)
    cluster.close()
  }

  @Test func messagesThatAreTooLargeAreRefused() throws {
    let cluster = try Self.cluster(nodes: 1)
    for task in [Array("answer \(WireLimit.frameBytes)".utf8), [UInt8](repeating: 32, count: WireLimit.frameBytes)] {
      let error = #expect(throws: Diagnostic.self) { try cluster.results(TaskSet(count: 1) { _ in TaskSet.Task(payload: task) }) }
      #expect(error?.code == .messageTooLarge && error?.notes.first == "the limit is 256 MiB")
    }
    #expect(try cluster.results(Self.tasks(["echo"])).count == 1)
    #expect(cluster.takeEvents().isEmpty)
    cluster.close()
  }

  @Test func aNodeThatCannotStartIsAClusterError() throws {
    var options = ClusterOptions(nodes: 2, slots: 1, storeBytes: 1 << 20)
    options.nodeProgram = ("/bin/false", ["false"])
    let cluster = try Cluster(options)
    try cluster.start()
    let error = #expect(throws: Diagnostic.self) { try cluster.results(Self.tasks(["echo"])) }
    #expect(error?.category == .cluster)
    cluster.close()
  }

  @Test func aDeadNodeIsNoticedAtThePrompt() throws {
    let cluster = try Self.cluster(nodes: 1)
    _ = try cluster.results(Self.tasks(["echo"]))
    kill(cluster.nodes()[1].processID, SIGKILL)
    var entries = cluster.pollNumbers.map { PollEntry($0) }
    pollOrEnd(&entries, milliseconds: 1000)
    cluster.handlePendingEvents()
    #expect(cluster.takeEvents().count == 1)
    #expect(try cluster.results(Self.tasks(["echo"])).count == 1)
    cluster.close()
  }

  @Test func fullStoresEvictAndThenRefuse() throws {
    let cluster = try Self.cluster(nodes: 1, storeBytes: 1 << 20)
    let first = try #require(try cluster.results(Self.tasks(["block 600000 1"])).first?.blocks)
    cluster.settle(first, as: .cached)
    let second = try #require(try cluster.results(Self.tasks(["block 600000 2"])).first?.blocks)
    #expect(cluster.takeEvents() == [.blocksEvicted(first.map(\.id))])
    #expect(try cluster.acquire(first, deadline: .ofBlocks) == first.map(\.id))
    cluster.settle(second, as: .pinned)
    let error = #expect(throws: Diagnostic.self) { try cluster.results(Self.tasks(["block 600000 3"])) }
    #expect(error?.code == .storeFull && error?.category == .environment)
    cluster.settle(second, as: .cached)
    #expect(try cluster.acquire(second, deadline: .ofBlocks).isEmpty)
    #expect(throws: Diagnostic.self) { try cluster.results(Self.tasks(["block 600000 3"])) }
    cluster.release(second)
    #expect(try cluster.results(Self.tasks(["block 600000 3"])).count == 1)
    cluster.close()
  }

  @Test func nodesAreAddedKilledAndDrained() throws {
    let cluster = try Self.cluster(nodes: 1)
    #expect(try cluster.startNodes(2) == ["node2", "node3"])
    let blocks = try cluster.results(Self.tasks(["block 10 1"], on: 1)).flatMap(\.blocks)
    cluster.settle(blocks, as: .pinned)
    try cluster.drainNode("node1")
    #expect(cluster.nodes().first { $0.name == "node1" }?.state == .draining)
    #expect(try cluster.results(Self.tasks(["sleep 1", "sleep 1", "sleep 1"])).allSatisfy { $0.node != 1 })
    cluster.settle(blocks, as: .freed)
    #expect(cluster.nodes().map(\.name) == ["head", "node2", "node3"])
    try cluster.killNode("node3")
    #expect(cluster.takeEvents().count == 1)
    let error = #expect(throws: Diagnostic.self) { try cluster.killNode("node33") }
    #expect(error?.suggestion == didYouMean("node3"))
    cluster.close()
  }

  @Test func aSilentNodeIsToldAndItsWorkDoneElsewhere() throws {
    let cluster = try Self.cluster(nodes: 2)
    let blocks = try cluster.results(Self.tasks(["block 10 1"], on: 1)).flatMap(\.blocks)
    cluster.settle(blocks, as: .cached)
    let stopped = try #require(cluster.nodes().first { $0.name == "node1" }).processID
    kill(stopped, SIGSTOP)
    let results = try cluster.results(Self.tasks((0..<4).map { _ in "sleep 1" }, on: 1))
    #expect(results.allSatisfy { $0.node == 2 })
    #expect(cluster.takeEvents() == [.nodeSilent(name: "node1")])
    #expect(cluster.nodes()[1].state == .silent)
    // Nothing that is asked of it is waited for.
    #expect(try cluster.acquire(blocks, deadline: .ofBlocks) == blocks.map(\.id))
    try cluster.awaitSettled()
    kill(stopped, SIGCONT)
    while cluster.nodes()[1].state == .silent { try cluster.waitOrCancel() }
    #expect(cluster.takeEvents() == [.nodeAnswers(name: "node1")])
    // What it was given twice has been done once; what it held for nobody is released.
    try cluster.awaitSettled()
    #expect(cluster.blocks().map(\.block) == blocks)
    #expect(try cluster.results(Self.tasks(["echo"], on: 1))[0].node == 1)
    cluster.close()
  }

  @Test func aResultThatIsOfNoUseIsMadeAgain() throws {
    let cluster = try Self.cluster(nodes: 2)
    var received: [String] = []
    var texts = ["echo a", "echo a", "echo a"]
    let receive = { (result: TaskResult) throws(Diagnostic) -> Continuation in
      received.append("\(result.index) \(String(decoding: result.payload, as: UTF8.self))")
      guard result.index == 1, received.count == 2 else { return .more }
      texts[1] = "echo b"
      return .again
    }
    try cluster.run(TaskSet(count: 3) { TaskSet.Task(payload: Array(texts[$0].utf8)) }, receive: receive)
    #expect(received == ["0 echo a", "1 echo a", "1 echo b", "2 echo a"])
    cluster.close()
  }

  @Test func nodesEndedOnPurposeBlameNoTask() throws {
    let cluster = try Self.cluster(nodes: 1)
    for _ in 0..<2 * Supervision.startLimit { try cluster.killNode("node1") }
    #expect(try cluster.results(Self.tasks(["echo"])).count == 1)
    cluster.close()
  }

  @Test func nothingIsLeftBehind() throws {
    let cluster = try Self.cluster(nodes: 3)
    _ = try cluster.results(Self.tasks(["block 1000000 1", "block 1000000 1", "block 1000000 1"]))
    let processes = cluster.nodes().dropFirst().map(\.processID)
    cluster.close()
    for process in processes { #expect(kill(process, 0) == -1) }
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGHUP]) func nodesEndWithTheirHead(signal: Int32) throws {
    let (reading, writing) = try StreamSocket.pair()
    let socket = StreamSocket(Descriptor(owning: reading))
    let output = Descriptor(owning: writing)
    let head = try ChildProcess(path: try Self.echoNode(), arguments: ["EchoNode", "drive"], output: .descriptor(output.number))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 8)
    defer { buffer.deallocate() }
    guard case .received(let count, .nothing) = socket.receive(into: buffer, wait: true) else {
      Issue.record("the head said nothing")
      return
    }
    let processes = String(decoding: buffer[..<count], as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    #expect(processes.count == 2)
    head.send(signal: signal)
    _ = head.collect(wait: true)
    let start = monotonicNanoseconds()
    // An ended process may stay a zombie until the system collects it; what counts is that it doesn't run.
    func runs(_ process: Int32) -> Bool {
      guard let status = try? readWholeFile("/proc/\(process)/stat") else { return false }
      return !String(decoding: status, as: UTF8.self).contains(") Z ")
    }
    while processes.contains(where: runs), monotonicNanoseconds() - start < 1_000_000_000 { usleep(1000) }
    #expect(!processes.contains(where: runs))
  }

  @Test func blocksAreNotFreedUnderACancelledReader() throws {
    let cluster = try Self.cluster(nodes: 2)
    let made = try #require(try cluster.results(Self.tasks(["block 1000 1"], on: 1)).first?.blocks)
    // The second task is cancelled when the first has given enough, and doesn't notice: it may still be reading.
    try cluster.run(Self.tasks(["sleep 300", "hang"])) { _ throws(Diagnostic) in .enough }
    cluster.settle(made, as: .freed)
    #expect(cluster.blocks().isEmpty)
    #expect(cluster.nodes()[1].usedBytes == 1000)
    cluster.close()
  }

  /// A person who cancels gets the prompt when nothing runs any more: nodes that don't answer are ended.
  @Test func cancellingEndsNodesThatDoNotAnswer() throws {
    let cluster = try Self.cluster(nodes: 2)
    let event = try EventDescriptor()
    event.raise()
    event.raise()
    let start = monotonicNanoseconds()
    cluster.cancellation = event.number
    #expect(throws: Diagnostic.self) { try cluster.results(Self.tasks(["hang", "hang"])) }
    cluster.cancellation = nil
    // Asked twice it doesn't wait until patience ends.
    #expect(monotonicNanoseconds() - start < AbandonedTasks.patienceNanoseconds)
    #expect(try cluster.results(Self.tasks(["echo a", "echo b"])).count == 2)
    cluster.close()
  }
}
