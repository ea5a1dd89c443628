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

  /// Every use, in order; only the last one of a block counts.
  private var uses: [(block: BlockRef, number: Int)] = []
  /// The number of the last use of each block.
  private var lastUses: [BlockID: Int] = [:]
  private var nextNumber = 0
  private var byteCount = 0

  /// A statement has used these.
  mutating func use(_ used: [BlockRef]) {
    for block in used {
      if lastUses.updateValue(nextNumber, forKey: block.id) == nil { byteCount += block.byteCount }
      uses.append((block, nextNumber))
      nextNumber += 1
    }
    // Blocks that are used again and again must not make the list long.
    if uses.count > 2 * lastUses.count { uses = uses.filter(isLast) }
  }

  /// They are kept for something else now.
  mutating func remove(_ ids: Set<BlockID>) {
    for use in uses where ids.contains(use.block.id) && isLast(use) { forget(use.block) }
  }

  /// Takes out those that go, the longest unused first.
  mutating func takeSurplus() -> [BlockRef] {
    var surplus: [BlockRef] = []
    var end = 0
    while byteCount > Self.keptBytes {
      if isLast(uses[end]) {
        surplus.append(uses[end].block)
        forget(uses[end].block)
      }
      end += 1
    }
    uses.removeFirst(end)
    return surplus
  }

  private func isLast(_ use: (block: BlockRef, number: Int)) -> Bool { lastUses[use.block.id] == use.number }

  private mutating func forget(_ block: BlockRef) {
    lastUses[block.id] = nil
    byteCount -= block.byteCount
  }
}
