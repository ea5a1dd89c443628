// Blocks for other processes: held until they are given back.

import DshBackend
import DshColumns
import DshPlan
import DshPlanner
import DshStore

/// What is held for others, by number.
struct SharedHolds {
  private var last = 0
  private var holds: [Int: [BlockRef]] = [:]

  mutating func add(_ blocks: [BlockRef]) -> Int {
    last += 1
    holds[last] = blocks
    return last
  }

  mutating func remove(_ hold: Int) -> [BlockRef] { holds.removeValue(forKey: hold) ?? [] }
}

extension ClusterBackend {
  public func share(_ plan: LogicalPlan, limitBytes: Int?, observer: RunObserver) throws -> SharedBlocks {
    try awaitStart(observer)
    let (shared, work) = try measured(runner.graph(of: plan, for: .blocks()), observer) { graph in
      try runner.slices(of: graph, limitBytes: limitBytes) { try hold($0, schema: plan.schema) }
    }
    var told = shared
    told.work = work
    return told
  }

  /// Protects blocks beyond this statement, and looks at them where they lie.
  private func hold(_ slices: [BlockSlice], schema: Schema) throws -> SharedBlocks {
    let blocks = slices.map(\.block)
    let missing = Set(try cluster.acquire(blocks, deadline: .ofBlocks))
    let hold = holds.add(blocks.filter { !missing.contains($0.id) })
    do {
      if let lost = blocks.first(where: { missing.contains($0.id) }) { throw PeerArenas.lost(lost) }
      let rows = try cluster.rowsAtHead(of: slices)
      return SharedBlocks(
        hold: hold, schema: schema, blocks: zip(blocks, rows).map { (node: nodeName($0.node), rows: $1) },
        stores: Set(blocks.map(\.node)).sorted().compactMap { cluster.sharedStore(of: $0) })
    } catch {
      endSharing(hold)
      throw error
    }
  }

  public func endSharing(_ hold: Int) { cluster.release(holds.remove(hold)) }
}
