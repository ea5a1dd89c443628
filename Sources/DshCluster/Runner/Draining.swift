// Draining a node: its blocks are copied to the other nodes, whoever refers to them is told, and it ends.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshPlanner
import DshStore

extension GraphRunner {
  /// Copies what a node holds to the others and ends it; how many blocks that were.
  ///
  /// Blocks that nobody would use again are left behind. If it fails or is cancelled, the node stays. Call it inside of `statement`.
  func drain(_ name: String, of local: Cluster) throws -> (blocks: Int, work: StageWork) {
    try local.awaitNodes()
    forgetLostBlocks()
    let drained = try local.drainNode(name)
    let wanted = referredBlocks(of: drained)
    let isPinned = Dictionary(uniqueKeysWithValues: local.blocks().map { ($0.block.id, $0.state == .pinned) })
    do {
      var work = StageWork(title: "drain")
      let copies = try copies(of: wanted, &work)
      let moves = Dictionary(uniqueKeysWithValues: zip(wanted.map(\.id), copies))
      for (old, new) in zip(wanted, copies) { cluster.settle([new], as: isPinned[old.id] == true ? .pinned : .cached) }
      unsettled.removeAll { copies.contains($0) }
      cache.replace(moves)
      for plan in persisted.keys {
        for index in persisted[plan]?.blocks.indices ?? 0..<0 {
          guard let block = persisted[plan]?.blocks[index].block, let copy = moves[block.id] else { continue }
          persisted[plan]?.blocks[index].block = copy
        }
      }
      cluster.settle(local.blocks().map(\.block).filter { $0.node == drained }, as: .freed)
      return (copies.count, work)
    } catch {
      local.keepNode(drained)
      throw error
    }
  }

  /// The blocks of a node that are cached or kept, in order.
  private func referredBlocks(of node: NodeIndex) -> [BlockRef] {
    let cached = cache.blocks.compactMap { $0.slice?.block }
    let kept = persisted.values.flatMap { $0.blocks.map(\.block) }
    return Set(cached + kept).filter { $0.node == node && cluster.contains($0) }.sorted { $0.id < $1.id }
  }

  private func copies(of blocks: [BlockRef], _ work: inout StageWork) throws -> [BlockRef] {
    let missing = Set(try cluster.acquire(blocks, deadline: .ofBlocks))
    acquired += blocks.filter { !missing.contains($0.id) }
    if let lost = blocks.first(where: { missing.contains($0.id) }) { throw PeerArenas.lost(lost) }
    var bytes = Dictionary(uniqueKeysWithValues: cluster.takers.map { ($0, 0) })
    let targets = blocks.map { block -> NodeIndex? in
      let target = bytes.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
      if let target { bytes[target, default: 0] += block.byteCount }
      return target
    }
    var made: [BlockRef] = []
    var total = work
    total.tasksTotal = blocks.count
    do throws(Diagnostic) {
      try cluster.run(
        TaskSet(
          count: blocks.count, preferredNode: { targets[$0] },
          task: { index in
            let task = TaskSpec(source: CopyBlock(blocks[index]), steps: [], sink: CountRows(limit: .max), batchRows: 1)
            return TaskSet.Task(payload: task.bytes, rows: [BlockSlice(blocks[index])])
          }),
        receive: { [self] (result: TaskResult) throws(Diagnostic) -> Continuation in
          unsettled += result.blocks
          made += result.blocks
          total.add(TaskReport(), result)
          return .more
        }, progress: progress)
    } catch { throw error }
    work = total
    return made
  }
}
