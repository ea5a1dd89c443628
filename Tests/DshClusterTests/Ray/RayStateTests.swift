// The driver of Ray without Ray: messages and calls in, requests out.

import DshColumns
import DshDiagnostics
import DshStore
import DshTasks
import Testing

@testable import DshCluster

@Suite struct RayStateTests {
  private static func node(_ id: String, isDriver: Bool = false, isAlive: Bool = true) -> RayNode {
    RayNode(id: id, host: "127.0.0.1", processID: 1, isAlive: isAlive, isDriver: isDriver, slots: 1, storeBytes: 1 << 20)
  }

  /// A state with three nodes: `b` is that of the driver, and so node1.
  private static func started() -> RayState {
    var state = RayState(isDeterministic: true)
    let nodes = [node("a"), node("b", isDriver: true), node("c")]
    state.received(.started(ray: "2.60.0", python: "3.11.7", isOwn: true, nodes: nodes), payload: nil, now: 0)
    return state
  }

  private static func block(_ task: UInt64, on node: NodeIndex, rows: Int = 10, byteCount: Int = 1000) -> BlockRef {
    BlockRef(id: BlockID(task: task, ordinal: 0), node: node, epoch: 0, byteCount: byteCount, rows: rows)
  }

  private static func done(_ task: UInt64, on node: String, block: MadeBytes? = nil, isInline: Bool = false) -> BridgeReply {
    let outcome = LibraryOutcome.done(report: [1, 2], made: block, nanoseconds: 5)
    return .done(
      RayAnswer(
        task: task, node: node, outcome: outcome.encoded(), moved: [], blockBytes: block?.byteCount, isInline: isInline, seconds: 0.1))
  }

  /// Makes every task that the job asks for; the next step that is not one.
  private static func makeAll(_ state: inout RayState, _ set: TaskSet) -> JobStep {
    while true {
      guard case .make(let index, let task, let node) = state.nextStep(now: 0) else { return state.nextStep(now: 0) }
      state.taskMade(task, set.task(index), isRetriable: true, memoryBytes: 1 << 20, on: node, now: 0)
    }
  }

  @Test func namesOfNodesStay() {
    var nodes = RayNodes()
    #expect(nodes.update([Self.node("a"), Self.node("b", isDriver: true)]) == [.came(1), .came(2)])
    #expect(nodes.id(of: 1) == "b" && nodes.index(of: "a") == 2)
    #expect(nodes.update([Self.node("b", isDriver: true), Self.node("a", isAlive: false), Self.node("c")]) == [.went(2), .came(3)])
    #expect(nodes.living == [1, 3] && nodes.id(of: 2) == "" && nodes.index(of: "a") == 2 && nodes.index(of: "never") == 0)
  }

  @Test func tellsWhatItIsOnceItIsUp() {
    var state = Self.started()
    #expect(
      state.takeEvents() == [
        .clusterStarted(
          "Ray 2.60.0 (Python 3.11.7), started for this shell: 3 nodes, 3 processors, 1.0 MiB of object store each")
      ])
    #expect(state.nodes.takers == [1, 2, 3])
  }

  @Test func rowsOfOtherNodesAreCutThere() throws {
    let state = Self.started()
    var blocks = RayBlocks()
    let (own, near, far, small) = (Self.block(1, on: 1), Self.block(2, on: 2), Self.block(3, on: 2), Self.block(4, on: 0))
    for block in [own, near, far, small] { blocks.insert(block) }
    let task = TaskSet.Task(
      payload: [], rows: [BlockSlice(own, rows: 2..<4), BlockSlice(near, rows: 0..<5), BlockSlice(far), BlockSlice(small, rows: 1..<2)])
    let inputs = try RayInputs(task, on: 1, blocks, state.nodes)
    #expect(inputs.given == [.block(own.id), .block(small.id), .bundle])
    let cut = LibraryRequest.cut(
      [CutSlice(block: near.id, firstRow: 0, rowCount: 5), CutSlice(block: far.id, firstRow: 0, rowCount: 10)], blocks: [near.id, far.id])
    #expect(inputs.sent == [.block(own.id), .block(small.id), .gathered(node: "a", request: cut.encoded(), blocks: [near.id, far.id])])
  }

  @Test func wholeTablesAreSharedByTheTasksOfANode() throws {
    let state = Self.started()
    var blocks = RayBlocks()
    let table = Self.block(1, on: 3)
    blocks.insert(table)
    let whole = try RayInputs(TaskSet.Task(payload: [], tables: [BlockSlice(table)]), on: 1, blocks, state.nodes)
    #expect(whole.sent == [.block(table.id)])
    let part = try RayInputs(TaskSet.Task(payload: [], tables: [BlockSlice(table, rows: 0..<1)]), on: 1, blocks, state.nodes)
    #expect(part.given == [.bundle])
  }

  @Test func resultsComeInOrderAndTheirBlocksAreKnown() throws {
    var state = Self.started()
    let set = TaskSet(count: 2) { _ in TaskSet.Task(payload: [7]) }
    state.beginJob(Scheduler.Job(count: set.count), now: 0)
    guard case .wait = Self.makeAll(&state, set) else { return #expect(Bool(false), "both tasks are sent") }
    let sent = state.takeRequests().compactMap { if case .run(let task, _, let node, _, _, _) = $0 { (task, node) } else { nil } }
    #expect(sent.map(\.1) == ["b", "a"])
    state.received(Self.done(sent[1].0, on: "a", block: MadeBytes(rows: 3, byteCount: 100)), payload: nil, now: 1)
    guard case .wait = state.nextStep(now: 1) else { return #expect(Bool(false), "the first is waited for") }
    state.received(Self.done(sent[0].0, on: "c", block: MadeBytes(rows: 2, byteCount: 50), isInline: true), payload: nil, now: 2)
    guard case .deliver(let first) = state.nextStep(now: 2) else { return #expect(Bool(false), "the first comes first") }
    #expect(first.index == 0 && first.node == 3 && first.blocks.map(\.node) == [0] && state.blocks.contains(first.blocks[0]))
    state.resultReceived(.more, now: 2)
    guard case .deliver(let second) = state.nextStep(now: 2) else { return #expect(Bool(false), "then the second") }
    state.resultReceived(.more, now: 2)
    #expect(second.blocks.map(\.node) == [2] && second.blocks[0].rows == 3)
    guard case .ended = state.nextStep(now: 3) else { return #expect(Bool(false), "the job is done") }
    try state.endJob()
    #expect(state.transfers == [RayTransfer(from: 3, to: 0): 50])
  }

  @Test func aLostInputIsForgotten() {
    var state = Self.started()
    let input = Self.block(99, on: 2)
    state.blocks.insert(input)
    let set = TaskSet(count: 1) { _ in TaskSet.Task(payload: [], rows: [BlockSlice(input)]) }
    state.beginJob(Scheduler.Job(count: set.count), now: 0)
    _ = Self.makeAll(&state, set)
    _ = state.takeRequests()
    state.received(.failed(task: 1, .lost, "ObjectLostError"), payload: nil, now: 1)
    while case .make = state.nextStep(now: 1) {}
    let failure = #expect(throws: Diagnostic.self) { try state.endJob() }
    #expect(failure?.code == .blockLost && failure?.notes == ["Ray: ObjectLostError"])
    #expect(!state.blocks.contains(input) && state.takeRequests().contains(.release([input.id])))
  }

  @Test func aNodeThatGoesGetsNothingMore() {
    var state = Self.started()
    _ = state.takeEvents()
    let lying = Self.block(50, on: 2)
    state.blocks.insert(lying)
    state.received(.nodes([Self.node("b", isDriver: true), Self.node("c"), Self.node("d")]), payload: nil, now: 1)
    #expect(state.takeEvents() == [.nodeWent(name: "node2", blocks: 1, byteCount: 1000, tasks: 0), .nodeCame(name: "node4")])
    #expect(state.nodes.takers == [1, 3, 4] && state.blocks.contains(lying) && state.blocks.home(of: lying) == 0)
  }

  @Test func blocksLieWhereRaySays() {
    var state = Self.started()
    let (large, small) = (Self.block(50, on: 2), Self.block(51, on: 0))
    for block in [large, small] { state.blocks.insert(block) }
    #expect(state.blocks.places(of: large) == [2] && state.blocks.places(of: small) == [0])
    let places = [
      RayLocation(block: large.id, nodes: ["c", "a"], byteCount: 1000, isSpilled: true),
      RayLocation(block: small.id, nodes: [], byteCount: 10, isSpilled: false),
    ]
    state.received(.located(number: 1, places), payload: nil, now: 1)
    #expect(state.blocks.places(of: large) == [2, 3] && state.blocks.isSpilled(large) && state.blocks.places(of: small) == [0])
    state.received(.nodes([Self.node("b", isDriver: true), Self.node("c")]), payload: nil, now: 2)
    #expect(state.blocks.places(of: large).isEmpty, "nobody knows where it is made again")
    let found = RayLocation(block: large.id, nodes: ["c"], byteCount: 1000, isSpilled: false)
    state.received(.located(number: 2, [found]), payload: nil, now: 3)
    #expect(state.blocks.places(of: large) == [3])
  }

  @Test func aFileThatANodeDoesNotSeeIsToldWithTheNode() {
    var nodes = RayNodes()
    var far = Self.node("far")
    far.host = "10.0.0.2"
    _ = nodes.update([Self.node("here", isDriver: true), Self.node("too"), far])
    let missing = Diagnostic(.fileNotFound, "no file a.csv")
    #expect(nodes.located(missing, on: 2) == missing)
    let told = nodes.located(missing, on: 3)
    #expect(told.notes == ["node3 (10.0.0.2) does not see it: files are read where tasks run"] && told.suggestion != nil)
    #expect(nodes.located(Diagnostic(.cancelled, "cancelled"), on: 3).notes.isEmpty)
  }

  @Test func cacheGoesWhenThereIsTooMuch() {
    var blocks = RayBlocks()
    blocks.cacheLimitBytes = 2500
    let made = (1...4).map { Self.block(UInt64($0), on: 1) }
    for block in made { blocks.insert(block) }
    #expect(blocks.settle([made[0], made[1]], as: .cached).isEmpty)
    #expect(blocks.hold([made[0]]).isEmpty)
    #expect(blocks.settle([made[2]], as: .cached).isEmpty, "what is held is not counted")
    #expect(blocks.settle([made[3]], as: .cached) == [made[1].id])
    #expect(blocks.release([made[0]]) == [made[2].id])
    #expect(blocks.hold([made[1], made[3]]) == [made[1].id])
    #expect(blocks.settle([made[3]], as: .freed) == [made[3].id])
  }

  @Test func theEndOfTheBridgeEndsTheJob() {
    var state = Self.started()
    let set = TaskSet(count: 3) { _ in TaskSet.Task(payload: []) }
    state.beginJob(Scheduler.Job(count: set.count), now: 0)
    _ = Self.makeAll(&state, set)
    state.failed(Diagnostic(.clusterLost, "gone"))
    while case .make = state.nextStep(now: 1) {}
    let failure = #expect(throws: Diagnostic.self) { try state.endJob() }
    #expect(failure?.code == .clusterLost)
    state.beginJob(Scheduler.Job(count: set.count), now: 0)
  }
}
