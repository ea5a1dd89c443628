// Draining a node: its blocks are copied to the other nodes, whoever refers to them is told, and it ends.

import DshDiagnostics
import DshStore

extension PlanExecutor {
  /// Copies what a node holds to the others and ends it; how many blocks and bytes that were.
  ///
  /// Blocks that nobody would use again are left behind. If it fails or is cancelled, the node stays. Call it inside of `statement`.
  public func drain(_ name: String) throws -> (blocks: Int, bytes: Int, to: [NodeIndex]) {
    try cluster.awaitNodes()
    forgetLostBlocks()
    let drained = try cluster.drainNode(name)
    let wanted = referredBlocks(of: drained)
    let isPinned = Dictionary(uniqueKeysWithValues: cluster.blocks().map { ($0.location.id, $0.state == .pinned) })
    do {
      let copies = try copies(of: wanted)
      let moves = Dictionary(uniqueKeysWithValues: zip(wanted.map(\.id), copies))
      for (old, new) in zip(wanted, copies) { cluster.settle([new], as: isPinned[old.id] == true ? .pinned : .cached) }
      unsettled.removeAll { copies.contains($0) }
      pointToCopies(moves)
      cluster.settle(cluster.blocks().map(\.location).filter { $0.node == drained }, as: .freed)
      return (copies.count, copies.reduce(0) { $0 + $1.byteCount }, Set(copies.map(\.node)).sorted())
    } catch {
      cluster.keepNode(drained)
      throw error
    }
  }

  /// The blocks of a node that are cached or kept, in order.
  private func referredBlocks(of node: NodeIndex) -> [BlockLocation] {
    let cached = cache.values.compactMap { $0.slice?.location }
    let keptBlocks = kept.values.flatMap { $0.blocks.map(\.location) }
    return Set(cached + keptBlocks).filter { $0.node == node && cluster.contains($0) }.sorted { $0.id < $1.id }
  }

  private func copies(of blocks: [BlockLocation]) throws -> [BlockLocation] {
    let missing = Set(try cluster.hold(blocks))
    held += blocks.filter { !missing.contains($0.id) }
    if let lost = blocks.first(where: { missing.contains($0.id) }) {
      throw Diagnostic(.blockLost, "block \(lost.id) was lost before it could be copied")
    }
    var bytes = Dictionary(uniqueKeysWithValues: cluster.takers.map { ($0, 0) })
    let tasks = blocks.map { block in
      let target = bytes.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
      if let target { bytes[target, default: 0] += block.byteCount }
      let unit = WorkUnit(source: .copy(block), steps: [], preferredNode: target, origin: "copy of \(block.id)")
      return task(unit, .block(limit: nil))
    }
    let stage = StageRun(name: "drain", tasks: tasks, known: Array(repeating: nil, count: tasks.count))
    defer { stages.append(stage.statistics) }
    var made: [BlockLocation] = []
    try run(stage, window: nil) { [self] result, report in
      unsettled += result.blocks
      made += result.blocks
      let unit = stage.tasks[stage.next].unit
      return UnitResult(report: report, slice: nil, origin: unit.origin, verbs: unit.verbs, wasReused: false)
    }
    return made
  }

  private func pointToCopies(_ copies: [BlockID: BlockLocation]) {
    for key in cache.keys {
      if let slice = cache[key]?.slice, let copy = copies[slice.location.id] { cache[key]?.slice = BlockSlice(copy, rows: slice.rows) }
    }
    for plan in kept.keys {
      for index in kept[plan]?.blocks.indices ?? 0..<0 {
        guard let slice = kept[plan]?.blocks[index].slice, let copy = copies[slice.location.id] else { continue }
        kept[plan]?.blocks[index].slice = BlockSlice(copy, rows: slice.rows)
      }
    }
  }
}
