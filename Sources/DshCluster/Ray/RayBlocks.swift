// The blocks that the head keeps in Ray: what they are kept for, and which go when too much of them is cache.

import DshColumns
import DshStore

/// The blocks of a Ray cluster by name. What it says is released is to be told to the bridge.
struct RayBlocks {
  fileprivate struct Entry {
    var block: BlockRef
    var state: BlockEntry.State = .sealed
    var holds = 0
    /// Where it lies now; the node that made it may be gone.
    var home: NodeIndex
    /// Other nodes that have it, as tasks there have read it.
    var copies: [NodeIndex] = []
    /// Whether Ray has put it on disk.
    var isSpilled = false
  }

  private var entries: [BlockID: Entry] = [:]
  private var eviction = Eviction()
  private var evictableBytes = 0
  /// The most bytes of cache that nobody reads. Ray puts on disk what it is told to keep, and never gives it up by itself.
  var cacheLimitBytes = Int.max

  mutating func insert(_ block: BlockRef) { entries[block.id] = Entry(block: block, home: block.node) }

  func contains(_ block: BlockRef) -> Bool { entries[block.id]?.block == block }

  /// Where a block lies now; nil if it is gone.
  func home(of block: BlockRef) -> NodeIndex? { contains(block) ? entries[block.id]?.home : nil }

  /// The node where a block was is gone.
  mutating func lose(_ id: BlockID) { entries[id]?.home = 0 }

  /// Ray says which nodes have a block; none for one that lies with the driver.
  mutating func locate(_ id: BlockID, on nodes: [NodeIndex], isSpilled: Bool) {
    guard let before = entries[id]?.home else { return }
    let home = nodes.contains(before) ? before : nodes.first ?? 0
    entries[id]?.home = home
    entries[id]?.copies = nodes.filter { $0 != home }.sorted()
    entries[id]?.isSpilled = isSpilled
  }

  /// The nodes that have a block: the one that it lies on, and those that have copies; none while Ray has to make it again.
  func places(of block: BlockRef) -> [NodeIndex] {
    guard let entry = entries[block.id], entry.home > 0 || block.isWithDriver else { return [] }
    return [entry.home] + entry.copies
  }

  func isSpilled(_ block: BlockRef) -> Bool { entries[block.id]?.isSpilled ?? false }

  /// All of them, in order of their names.
  var all: [BlockEntry] {
    entries.values.sorted { $0.block.id < $1.block.id }.map { entry in
      BlockEntry(location: BlockLocation(entry.block, .memory(offset: 0)), state: entry.state, mayBeSpilled: true)
    }
  }

  /// Those that lie on a node.
  func blocks(on node: NodeIndex) -> [BlockRef] { entries.values.filter { $0.home == node }.map(\.block) }

  /// Says what becomes of blocks; those that are released.
  mutating func settle(_ blocks: [BlockRef], as retention: BlockState.Retention) -> [BlockID] {
    var released: [BlockID] = []
    for block in blocks where contains(block) {
      change(block.id) { entry in
        switch retention {
        case .cached: entry?.state = .cached
        case .pinned: entry?.state = .pinned
        case .freed:
          entry = nil
          released.append(block.id)
        }
      }
    }
    return released + evicted()
  }

  /// Protects blocks; those that are gone.
  mutating func hold(_ blocks: [BlockRef]) -> [BlockID] {
    blocks.filter { block in
      guard contains(block) else { return true }
      change(block.id) { $0?.holds += 1 }
      return false
    }.map(\.id)
  }

  /// Ends as many protections; the blocks that are released with them.
  mutating func release(_ blocks: [BlockRef]) -> [BlockID] {
    for block in blocks where contains(block) { change(block.id) { $0?.holds -= 1 } }
    return evicted()
  }

  /// Forgets blocks that are lost.
  mutating func remove(_ ids: [BlockID]) {
    for id in ids { change(id) { $0 = nil } }
  }

  /// Forgets all blocks; their names.
  mutating func removeAll() -> [BlockID] {
    let all = entries.keys.sorted()
    remove(all)
    return all
  }

  /// Gives up the cache that was used longest ago, as far as there is too much.
  private mutating func evicted() -> [BlockID] {
    var evicted: [BlockID] = []
    while evictableBytes > cacheLimitBytes, let victim = eviction.victim {
      remove([victim])
      evicted.append(victim)
    }
    return evicted
  }

  /// Changes an entry, or removes it, and counts what that means.
  private mutating func change(_ id: BlockID, _ body: (inout Entry?) -> Void) {
    var entry = entries[id]
    if let entry, entry.isEvictable {
      evictableBytes -= entry.block.byteCount
      eviction.remove(id)
    }
    body(&entry)
    if let entry, entry.isEvictable {
      evictableBytes += entry.block.byteCount
      eviction.insert(id)
    }
    entries[id] = entry
  }
}

extension BlockRef {
  /// Whether it lies in the memory of the driver, as small ones do: it has come to the head by being made.
  var isWithDriver: Bool { node == 0 }
}

extension RayBlocks.Entry {
  fileprivate var isEvictable: Bool { state == .cached && holds == 0 }
}
