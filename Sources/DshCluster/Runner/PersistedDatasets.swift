// Datasets whose blocks are kept: pinned by `persist`, or as cache by `materialize`.

import DshBackend
import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshPlanner
import DshStore

/// The blocks of a plan that were computed to be kept, and how many keep them: datasets with equal plans share them.
struct PersistedDataset {
  struct Block {
    var block: BlockRef
    /// The node on which it was made first. Tasks over several blocks are told apart by it, also when a block had to be made again elsewhere.
    var home: NodeIndex
    var origin: String
    /// What is known of its columns; empty if nothing is.
    var statistics: [ColumnStatistics]
  }

  var blocks: [Block] = []
  /// How many keep the blocks pinned, and how many as cache; together at least one.
  var pinnedHolders = 0
  /// Where pinned blocks may lie, as it was said last.
  var level = StorageLevel.memory
  var cachedHolders = 0

  var isPinned: Bool { pinnedHolders > 0 }
  var rows: Int { blocks.reduce(0) { $0 + $1.block.rows } }
  var bytes: Int { blocks.reduce(0) { $0 + $1.block.byteCount } }

  /// Whether it is known that a column has no nulls, and that no value of a block is less than one of the blocks before it.
  func ascends(column: Int) -> Bool {
    var last: Value?
    for block in blocks where block.block.rows > 0 {
      guard block.statistics.indices.contains(column), block.statistics[column].nullCount == 0,
        let least = block.statistics[column].least, let greatest = block.statistics[column].greatest
      else { return false }
      if let last { guard let order = last.order(to: least), order <= 0 else { return false } }
      last = greatest
    }
    return true
  }
}

extension GraphRunner {
  /// Computes all blocks of a plan and keeps them for one more holder, who calls `release` once.
  ///
  /// - Parameter level: where pinned blocks may lie; nil for cache.
  /// - Throws: `store-full` for blocks that are to be in memory and have no room there.
  func keep(_ plan: LogicalPlan, _ graph: StageGraph, _ level: StorageLevel?) throws {
    var dataset = persisted[plan] ?? PersistedDataset()
    if let level {
      dataset.pinnedHolders += 1
      dataset.level = level
    } else {
      dataset.cachedHolders += 1
    }
    try compute(&dataset, of: plan, graph.result)
    persisted[plan] = dataset
  }

  /// Sees to it that pinned blocks lie where their level says.
  private func place(_ dataset: PersistedDataset) throws {
    guard dataset.isPinned else { return }
    let blocks = dataset.blocks.map(\.block)
    switch dataset.level {
    case .memory: return
    case .memoryAndDisk: cluster.allowSpilling(blocks)
    case .disk:
      cluster.allowSpilling(blocks)
      try cluster.moveToDisk(blocks)
    }
  }

  /// Makes what is missing of a dataset. Blocks that are lost before all are there are made once more.
  private func compute(_ dataset: inout PersistedDataset, of plan: LogicalPlan, _ stage: Stage) throws {
    let before = dataset.blocks.map(\.block)
    memoryOnly = dataset.isPinned && dataset.level == .memory ? (stage, memoryRoomBytes(besides: plan)) : nil
    defer { memoryOnly = nil }
    dataset.blocks = try using(stage) { run in
      let outputs = run.verified.filter { $0.slice != nil }
      let homes = before.count == outputs.count ? dataset.blocks.map(\.home) : nil
      let blocks = outputs.enumerated().compactMap { index, output in
        output.slice.map {
          PersistedDataset.Block(
            block: $0.block, home: homes?[index] ?? $0.block.node, origin: output.origin, statistics: output.report.statistics)
        }
      }
      if let lost = blocks.first(where: { !cluster.contains($0.block) }) { throw PeerArenas.lost(lost.block) }
      return blocks
    }
    let blocks = dataset.blocks.map(\.block)
    cluster.settle(blocks, as: dataset.isPinned ? .pinned : .cached)
    let names = Set(blocks.map(\.id))
    unsettled.removeAll { names.contains($0.id) }
    superseded.removeAll { names.contains($0.id) }
    intermediates.remove(names)
    // Blocks of a node that does not answer were made anew: nobody may keep the old ones.
    superseded += before.filter { !names.contains($0.id) }
    try place(dataset)
  }

  /// What of all stores is not taken by pinned blocks of other datasets that have to be in memory.
  private func memoryRoomBytes(besides plan: LogicalPlan) -> Int {
    let taken = persisted.filter { $0.key != plan && $0.value.isPinned && $0.value.level == .memory }.reduce(0) { $0 + $1.value.bytes }
    return cluster.taskMemoryBytes * cluster.slots - taken
  }

  /// Ends one holder's keeping of a plan. Once nobody pins its blocks they are cache, and once nobody keeps it, it is forgotten.
  func release(_ plan: LogicalPlan, pinned: Bool) {
    guard var dataset = persisted[plan] else { return }
    let wasPinned = dataset.isPinned
    if pinned { dataset.pinnedHolders -= 1 } else { dataset.cachedHolders -= 1 }
    precondition(dataset.pinnedHolders >= 0 && dataset.cachedHolders >= 0, "released once for each keep")
    if wasPinned, !dataset.isPinned { cluster.settle(dataset.blocks.map(\.block), as: .cached) }
    persisted[plan] = dataset.pinnedHolders + dataset.cachedHolders == 0 ? nil : dataset
  }

  /// A kept dataset with all its blocks there and acquired: blocks that are gone are computed again, those that are left are reused.
  func restore(_ plan: LogicalPlan) throws -> PersistedDataset {
    guard var dataset = persisted[plan] else { preconditionFailure("a plan of stored blocks is kept") }
    if try acquire(dataset) { return dataset }
    do {
      try compute(&dataset, of: plan, graph(of: plan, for: .kept(title: dataset.isPinned ? "persist" : "materialize")).result)
    } catch let changed as FileChanged {
      // The other blocks hold the file as it was: rows of two states must not stand together.
      throw Diagnostic(
        .sourceChanged, "blocks of a kept dataset are lost, and \(fileName(changed.path)) has changed since they were made",
        suggestion: "unpersist the dataset; it is read anew when it is next needed")
    }
    persisted[plan] = dataset
    guard try acquire(dataset) else { throw Diagnostic(.blockLost, "blocks were lost while they were computed again") }
    return dataset
  }

  /// Protects the blocks of a dataset for this statement; whether all are there.
  private func acquire(_ dataset: PersistedDataset) throws -> Bool {
    let blocks = dataset.blocks.map(\.block)
    let missing = Set(try cluster.acquire(blocks, deadline: .ofBlocks))
    acquired += blocks.filter { !missing.contains($0.id) }
    return missing.isEmpty
  }
}
