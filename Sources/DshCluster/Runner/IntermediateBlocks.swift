// Blocks that the consumers of an exchange have pulled from: some are kept for later statements, the others go.

import DshColumns

/// The blocks that producers of exchanges made, in the order in which statements used them last.
///
/// Once the consumers are done, their own blocks answer later statements; those of the producers are wanted again only where consumers were left
/// out, or another statement begins alike. What is small is kept for that. The rest would fill a store with what nobody asks for, and each
/// statement would write to fresh pages, which costs several times as much as writing to pages that are there.
struct IntermediateBlocks {
  /// So many bytes are kept, of all nodes together: making them again takes about a tenth of a second.
  static let keptBytes = 64 << 20

  private var blocks: [BlockRef] = []

  /// A statement has used these.
  mutating func use(_ used: [BlockRef]) {
    remove(Set(used.map(\.id)))
    blocks += used
  }

  /// They are kept for something else now.
  mutating func remove(_ ids: Set<BlockID>) { blocks.removeAll { ids.contains($0.id) } }

  /// Takes out those that go, the longest unused first.
  mutating func takeSurplus() -> [BlockRef] {
    var bytes = 0
    let kept = blocks.reversed().prefix { block in
      bytes += block.byteCount
      return bytes <= Self.keptBytes
    }
    defer { blocks.removeFirst(blocks.count - kept.count) }
    return Array(blocks.prefix(blocks.count - kept.count))
  }
}
