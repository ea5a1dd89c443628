// The cluster of node processes as whoever runs stages, and a backend, see it.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshStore
import DshSystem

extension Cluster: ControlledCluster {
  var slots: Int { nodes().reduce(0) { $0 + $1.slots } }
  var taskMemoryBytes: Int { options.storeBytes / options.slots }
  var largestNodeCount: Int { ClusterOptions.largestNodeCount }

  func headReader() -> any HeadReader { headContext() }

  func rowsAtHead(of slices: [BlockSlice]) throws -> [Batch] {
    let context = headContext()
    return try slices.map { try context.rowsInPlace(of: $0) }
  }

  /// The head's own store has no blocks that are kept.
  func sharedStore(of node: NodeIndex) -> SharedStore? {
    peers.arena(of: node).map {
      SharedStore(
        node: nodeName(node), start: UnsafeRawPointer($0.mapping.address), byteCount: $0.mapping.byteCount,
        descriptor: $0.descriptor.number, owner: $0)
    }
  }

  var logText: String {
    handles.values.sorted { $0.index < $1.index }.map { handle in
      handle.said.split(whereSeparator: \.isNewline).map { "\(nodeName(handle.index)): \($0)\n" }.joined()
    }.joined()
  }

  func inspect(_ blocks: [BlockRef], _ inspection: BlockInspection) throws -> [[[Value]]] {
    let context = headContext()
    // One after another: those on disk are mapped for it.
    return try blocks.map { inspection.answer(try context.batchInPlace(of: $0, columns: inspection.columns)) }
  }

  /// Tasks wait for nodes that come up.
  func awaitStart() {}

  func nodeSummaries() throws -> [NodeSummary] {
    try awaitNodes()
    try awaitSettled()
    return nodes().map { node in
      NodeSummary(
        name: node.name, state: node.state.rawValue, processID: node.processID, slots: node.slots, usedBytes: node.usedBytes,
        limitBytes: node.limitBytes, blocks: node.blocks, pinnedBytes: node.pinnedBytes, spilledBytes: node.spilledBytes,
        sentBytes: node.sentBytes, receivedBytes: node.receivedBytes)
    }
  }

  func blockEntries() throws -> [BlockEntry] {
    handlePendingEvents()
    return blocks()
  }

  func locateBlocks() {}
  func places(of block: BlockRef) -> [NodeIndex] { [block.node] }
  func isSpilled(_ block: BlockRef) -> Bool { isOnDisk(block) }

  func addNodes(_ count: Int) throws { _ = try startNodes(count) }

  func drain(_ name: String, of runner: GraphRunner) throws -> (blocks: Int, work: StageWork) { try runner.drain(name, of: self) }
}

extension TaskContext: HeadReader {
  func rows(of slices: [BlockSlice]) throws -> [Batch] { try slices.map { try rows(of: $0) } }

  func withBytes(of block: BlockRef, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let bytes = try bytes(of: block)
    countReadInPlace(bytes.bytes.count, of: bytes)
    try body(bytes.bytes)
  }

  var movedByteCount: Int { tally.moved.reduce(0) { $0 + $1.byteCount } }
}
