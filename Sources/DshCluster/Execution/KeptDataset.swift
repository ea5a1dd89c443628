// Datasets whose blocks are kept: pinned by `persist`, or as cache by `materialize`.

import DshDiagnostics
import DshFormats
import DshPlan
import DshStore

/// The blocks of a plan that were computed to be kept, and how many keep them: datasets with equal plans share them.
public struct KeptDataset: Sendable {
  public internal(set) var blocks: [ComputedBlock]
  /// How many keep the blocks pinned, and how many as cache; together at least one.
  var pinnedHolders = 0
  var cachedHolders = 0

  public var isPinned: Bool { pinnedHolders > 0 }
  public var rows: Int { blocks.reduce(0) { $0 + $1.location.rows } }
  public var bytes: Int { blocks.reduce(0) { $0 + $1.location.byteCount } }
}

extension PlanExecutor {
  /// Computes all blocks of a plan and keeps them for one more holder, who calls `release` once.
  public func keep(_ plan: LogicalPlan, pinned: Bool) throws {
    var dataset = kept[plan] ?? KeptDataset(blocks: [])
    if pinned { dataset.pinnedHolders += 1 } else { dataset.cachedHolders += 1 }
    try computeBlocks(of: &dataset, plan, stage: pinned ? "persist" : "materialize")
    kept[plan] = dataset
  }

  private func computeBlocks(of dataset: inout KeptDataset, _ plan: LogicalPlan, stage: String) throws {
    let before = dataset.blocks.map(\.location)
    dataset.blocks = try blocks(of: plan, passesBlocks: false, stage: stage).blocks
    let locations = dataset.blocks.map(\.location)
    cluster.settle(locations, as: dataset.isPinned ? .pinned : .cached)
    let names = Set(locations.map(\.id))
    unsettled.removeAll { names.contains($0.id) }
    // Blocks of a node that does not answer were made anew: nobody may keep the old ones.
    superseded += before.filter { !names.contains($0.id) }
  }

  /// What is kept of a plan.
  public func keptDataset(_ plan: LogicalPlan) -> KeptDataset? { kept[plan] }

  /// Whether a kept dataset has lost blocks.
  public func isDamaged(_ plan: LogicalPlan) -> Bool {
    kept[plan].map { dataset in !dataset.blocks.allSatisfy { cluster.contains($0.location) } } ?? false
  }

  /// Ends one holder's keeping of a plan. Once nobody pins its blocks they are cache, and once nobody keeps it, it is forgotten.
  public func release(_ plan: LogicalPlan, pinned: Bool) {
    guard var dataset = kept[plan] else { return }
    let wasPinned = dataset.isPinned
    if pinned { dataset.pinnedHolders -= 1 } else { dataset.cachedHolders -= 1 }
    precondition(dataset.pinnedHolders >= 0 && dataset.cachedHolders >= 0, "released once for each keep")
    if wasPinned, !dataset.isPinned { cluster.settle(dataset.blocks.map(\.location), as: .cached) }
    kept[plan] = dataset.pinnedHolders + dataset.cachedHolders == 0 ? nil : dataset
  }

  /// A kept dataset with all its blocks there and held: blocks that are gone are computed again, those that are left are reused.
  func restore(_ plan: LogicalPlan) throws -> KeptDataset {
    guard var dataset = kept[plan] else { preconditionFailure("a plan of stored blocks is kept") }
    if try hold(dataset) { return dataset }
    do {
      try computeBlocks(of: &dataset, plan, stage: dataset.isPinned ? "persist" : "materialize")
    } catch let changed as FileChanged {
      // The other blocks hold the file as it was: rows of two states must not stand together.
      throw Diagnostic(
        "source-changed", .environment, "blocks of a kept dataset are lost, and \(fileName(changed.path)) has changed since they were made",
        suggestion: "unpersist the dataset; it is read anew when it is next needed")
    }
    kept[plan] = dataset
    guard try hold(dataset) else { throw Diagnostic("block-lost", .cluster, "blocks were lost while they were computed again") }
    return dataset
  }

  /// Protects the blocks of a dataset for this statement; whether all are there.
  private func hold(_ dataset: KeptDataset) throws -> Bool {
    let locations = dataset.blocks.map(\.location)
    let missing = Set(try cluster.hold(locations))
    held += locations.filter { !missing.contains($0.id) }
    return missing.isEmpty
  }
}
