// Where a block lies in the arena of its owner.

import DshColumns

/// The largest number of nodes, head included: the arena header has one pair of counters for each.
public let nodeLimit = 64

/// A sealed block and the place of its bytes.
public struct BlockLocation: Hashable, Sendable {
  public let block: BlockRef
  /// Of the first byte in the arena.
  public let offset: Int

  public init(_ block: BlockRef, offset: Int) {
    self.block = block
    self.offset = offset
  }
}
