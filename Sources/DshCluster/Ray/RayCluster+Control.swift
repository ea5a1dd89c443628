// Ray as a person looks at it and changes it: nodes, blocks, news.

import DshBackend
import DshColumns
import DshDiagnostics
import DshStore
import DshSystem

extension RayCluster: ControlledCluster {
  /// None once the bridge is gone: its end would be readable for ever.
  var pollNumbers: [Int32] { if case .failed = state.phase { [] } else { bridge.pollNumbers } }

  func handlePendingEvents() { wait(milliseconds: 0) }

  func takeEvents() -> [ClusterEvent] { state.takeEvents() }

  var logText: String { bridge.logText }

  /// Those that dsh starts are on this machine, and each takes a hundred megabytes.
  var largestNodeCount: Int { ClusterOptions.largestNodeCount }

  /// What Ray has read of its spilled blocks it does not tell.
  var diskReadBytes: Int { 0 }

  func rowsAtHead(of slices: [BlockSlice]) throws -> [Batch] { try headReader().rows(of: slices) }

  /// Ray's stores belong to Ray.
  func sharedStore(of node: NodeIndex) -> SharedStore? { nil }

  func nodeSummaries() throws -> [NodeSummary] {
    try locateBlocks()
    let entries = state.blocks.all
    func bytes(_ node: NodeIndex, where counts: (BlockEntry) -> Bool) -> Int {
      entries.reduce(0) { $0 + (state.blocks.places(of: $1.block).contains(node) && counts($1) ? $1.block.byteCount : 0) }
    }
    func moved(_ counts: (RayTransfer) -> Bool) -> Int { state.transfers.reduce(0) { $0 + (counts($1.key) ? $1.value : 0) } }
    return ([0] + state.nodes.living).map { index in
      let node = state.nodes[index]
      var summary = NodeSummary(
        name: nodeName(index), state: "up", processID: Int32(clamping: node?.processID ?? Int(bridge.process.processID)),
        slots: node?.slots ?? 0, usedBytes: bytes(index) { _ in true }, limitBytes: node?.storeBytes ?? 0,
        blocks: entries.count { state.blocks.places(of: $0.block).contains(index) }, pinnedBytes: bytes(index) { $0.state == .pinned },
        spilledBytes: bytes(index) { state.blocks.isSpilled($0.block) },
        sentBytes: moved { $0.from == index }, receivedBytes: moved { $0.to == index })
      summary.host = node?.host ?? ""
      summary.id = node?.id ?? ""
      return summary
    }
  }

  func blockEntries() -> [BlockEntry] { state.blocks.all }

  func places(of block: BlockRef) -> [NodeIndex] { state.blocks.places(of: block) }
  func isSpilled(_ block: BlockRef) -> Bool { state.blocks.isSpilled(block) }

  /// Asks Ray where all blocks are now.
  func locateBlocks() throws {
    try awaitStart()
    let blocks = state.blocks.all.map(\.block.id)
    guard !blocks.isEmpty else { return handlePendingEvents() }
    let number = state.questions.ask(blocks)
    bridge.send(.locate(number: number, blocks))
    _ = try answer(to: number)
  }

  func addNodes(_ count: Int) throws {
    try awaitStart()
    try checkIsOwn("to add nodes to it")
    guard count <= largestNodeCount - state.nodes.living.count else {
      throw Diagnostic(.tooManyNodes, "a cluster has at most \(largestNodeCount) nodes")
    }
    bridge.send(.addNodes(count))
  }

  func killNode(_ name: String) throws {
    try awaitStart()
    let index = try node(named: name)
    try checkIsOwn("to end a node of it")
    guard state.nodes[index]?.isDriver == false else {
      throw Diagnostic(.notAvailable, "\(name) is where this shell is connected to Ray: without it nothing would be left")
    }
    bridge.send(.killNode(state.nodes.id(of: index)))
  }

  func drain(_ name: String, of runner: GraphRunner) throws -> (blocks: Int, work: StageWork) {
    try awaitStart()
    _ = try node(named: name)
    throw Diagnostic(.notAvailable, "nodes of Ray are drained by whoever runs it", suggestion: "ray drain-node --help")
  }

  private func node(named name: String) throws(Diagnostic) -> NodeIndex {
    let living = state.nodes.living
    guard let index = living.first(where: { nodeName($0) == name }) else {
      throw Membership.unknownNode(name, among: living.map(nodeName))
    }
    return index
  }

  private func checkIsOwn(_ wish: String) throws(Diagnostic) {
    guard case .up(_, _, isOwn: true) = state.phase else {
      throw Diagnostic(
        .notAvailable, "this Ray was not started by dsh, so it is not for dsh \(wish)", suggestion: "use ray start and ray stop")
    }
  }
}
