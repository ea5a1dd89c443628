// Datasets whose blocks are kept: pinned by `persist`, or as cache by `materialize`.

import DshDiagnostics
import DshPlan
import DshStore

/// The blocks of a plan that were computed to be kept.
public struct KeptDataset: Sendable {
  public var blocks: [ComputedBlock]
  public var isPinned: Bool

  public var rows: Int { blocks.reduce(0) { $0 + $1.location.rows } }
  public var bytes: Int { blocks.reduce(0) { $0 + $1.location.byteCount } }
}

extension PlanExecutor {
  /// Computes all blocks of a plan and keeps them.
  public func keep(_ plan: LogicalPlan, pinned: Bool) throws -> ComputedBlocks {
    let computed = try blocks(of: plan, passesBlocks: false, stage: pinned ? "persist" : "materialize")
    let locations = computed.blocks.map(\.location)
    cluster.settle(locations, as: pinned ? .pinned : .cached)
    let names = Set(locations.map(\.id))
    unsettled.removeAll { names.contains($0.id) }
    kept[plan] = KeptDataset(blocks: computed.blocks, isPinned: pinned)
    return computed
  }

  /// What is kept of a plan.
  public func keptDataset(_ plan: LogicalPlan) -> KeptDataset? { kept[plan] }

  /// Whether a kept dataset has lost blocks.
  public func isDamaged(_ plan: LogicalPlan) -> Bool {
    kept[plan].map { dataset in !dataset.blocks.allSatisfy { cluster.contains($0.location) } } ?? false
  }

  /// Ends the keeping of a plan; its blocks stay as cache.
  public func unpin(_ plan: LogicalPlan) {
    guard let dataset = kept.removeValue(forKey: plan) else { return }
    cluster.settle(dataset.blocks.map(\.location), as: .cached)
  }

  /// A kept dataset with all its blocks there and held: blocks that are gone are computed again, those that are left are reused.
  func restore(_ plan: LogicalPlan) throws -> KeptDataset {
    if let dataset = kept[plan] {
      let locations = dataset.blocks.map(\.location)
      let missing = Set(cluster.hold(locations))
      held += locations.filter { !missing.contains($0.id) }
      if missing.isEmpty { return dataset }
    }
    let pinned = kept[plan]?.isPinned ?? false
    _ = try keep(plan, pinned: pinned)
    guard let dataset = kept[plan] else { preconditionFailure("keep has stored the dataset") }
    let missing = Set(cluster.hold(dataset.blocks.map(\.location)))
    held += dataset.blocks.map(\.location).filter { !missing.contains($0.id) }
    guard missing.isEmpty else { throw Diagnostic("block-lost", .cluster, "blocks were lost while they were computed again") }
    return dataset
  }
}
