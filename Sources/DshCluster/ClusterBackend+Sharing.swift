// Kept blocks for other processes: held until they are given back.

import DshBackend
import DshColumns
import DshPlan
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
  public func share(_ plan: LogicalPlan, observer: RunObserver) throws -> SharedBlocks {
    try observed(observer) {
      try runner.statement {
        let kept = try runner.restore(plan).blocks.map(\.block)
        // Once more than for this statement.
        let missing = Set(try cluster.acquire(kept, deadline: .ofBlocks))
        let hold = holds.add(kept.filter { !missing.contains($0.id) })
        do {
          let blocks = try kept.map { (node: nodeName($0.node), rows: try cluster.rowsAtHead(of: $0)) }
          let nodes = Set(kept.map(\.node)).sorted()
          return SharedBlocks(hold: hold, schema: plan.schema, blocks: blocks, stores: nodes.compactMap { cluster.sharedStore(of: $0) })
        } catch {
          endSharing(hold)
          throw error
        }
      }
    }
  }

  public func endSharing(_ hold: Int) { cluster.release(holds.remove(hold)) }
}
